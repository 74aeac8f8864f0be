// SPDX-License-Identifier: MIT
// Medians, quartiles, ratios, and when two figures can be told apart: every edge of the verdict.
// Must not know what was measured.
#include "made_up.h"
#include "unit.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "figures.h"

#define WALL offsetof(struct zc_sample, wall)

static void assert_near(double is, double wanted)
{
	if (fabs(is - wanted) > 1e-9)
		fail_msg("%.12g instead of %.12g", is, wanted);
}

static void medians_and_quartiles(void **state)
{
	static struct zc_cell cell;
	struct zc_figure figure = zc_figure_of(&cell, WALL);

	(void)state;
	assert_int_equal(figure.count, 0);
	assert_near(figure.median, 0);
	made_up_walls(&cell, 1, (double[]){ 7 });
	figure = zc_figure_of(&cell, WALL);
	assert_near(figure.low, 7);
	assert_near(figure.high, 7);
	made_up_walls(&cell, 4, (double[]){ 4, 1, 3, 2 });
	figure = zc_figure_of(&cell, WALL);
	assert_int_equal(figure.count, 4);
	assert_near(figure.low, 1.75);
	assert_near(figure.median, 2.5);
	assert_near(figure.high, 3.25);
	assert_near(cell.sample[0].wall, 4); /* in the order in which they were made */
}

static void counts_are_figures_too(void **state)
{
	static struct zc_cell cell;

	(void)state;
	cell.samples = ZC_MAX_REPEATS;
	for (int i = 0; i < ZC_MAX_REPEATS; i++)
		cell.sample[i].copier_faults = ZC_MAX_REPEATS - i;
	assert_near(zc_figure_of_count(&cell, offsetof(struct zc_sample, copier_faults)).median,
		    50);
}

static void ratios_are_sample_by_sample(void **state)
{
	static struct zc_cell cell, plain;
	struct zc_figure ratio;

	(void)state;
	made_up_walls(&plain, 4, (double[]){ 1, 2, 4, 9 });
	made_up_walls(&cell, 3, (double[]){ 2, 4, 8 });
	ratio = zc_ratio(&cell, &plain);
	assert_int_equal(ratio.count, 3);
	assert_near(ratio.low, 2);
	assert_near(ratio.median, 2);
	assert_near(ratio.high, 2);
	plain.sample[1].wall = 0;
	assert_int_equal(zc_ratio(&cell, &plain).count, 0);
	plain.samples = 0;
	assert_int_equal(zc_ratio(&cell, &plain).count, 0);
}

/* Each row: the ratio, the control (low, median, high), the verdict. */
static const struct {
	double ratio[3], control[3];
	enum zc_verdict verdict;
} rows[] = {
	{ { 0.99, 1.00, 1.01 }, { 0.99, 1.00, 1.01 }, ZC_SAME },
	{ { 1.90, 2.00, 2.10 }, { 0.99, 1.00, 1.01 }, ZC_SLOWER },
	{ { 0.40, 0.50, 0.60 }, { 0.99, 1.00, 1.01 }, ZC_FASTER },
	/* at least 3 %: outside the quartiles is not enough */
	{ { 1.02, 1.031, 1.04 }, { 0.99, 1.00, 1.01 }, ZC_SLOWER },
	{ { 1.02, 1.029, 1.04 }, { 0.99, 1.00, 1.01 }, ZC_SAME },
	{ { 0.96, 0.969, 0.98 }, { 0.99, 1.00, 1.01 }, ZC_FASTER },
	{ { 0.96, 0.971, 0.98 }, { 0.99, 1.00, 1.01 }, ZC_SAME },
	/* quartiles that touch or overlap */
	{ { 1.01, 1.20, 1.30 }, { 0.99, 1.00, 1.01 }, ZC_CANNOT_TELL },
	{ { 1.02, 1.20, 1.30 }, { 0.90, 1.00, 1.10 }, ZC_CANNOT_TELL },
	{ { 0.70, 0.80, 0.99 }, { 0.99, 1.00, 1.01 }, ZC_CANNOT_TELL },
	/* the same, if the control is quiet: 10 % */
	{ { 0.80, 1.01, 1.20 }, { 0.951, 1.00, 1.05 }, ZC_SAME },
	{ { 0.80, 1.01, 1.20 }, { 0.949, 1.00, 1.05 }, ZC_CANNOT_TELL },
	/* what counts is the control, not 1 */
	{ { 1.19, 1.20, 1.21 }, { 1.19, 1.20, 1.21 }, ZC_SAME },
	{ { 0.99, 1.00, 1.01 }, { 1.19, 1.20, 1.21 }, ZC_FASTER },
};

static struct zc_figure figure(const double *three, int count)
{
	return (struct zc_figure){
		.low = three[0], .median = three[1], .high = three[2], .count = count
	};
}

static void every_verdict(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum zc_verdict is = zc_tell(figure(rows[i].ratio, 3), figure(rows[i].control, 3));

		if (is != rows[i].verdict)
			fail_msg("row %zu: %d instead of %d", i, is, rows[i].verdict);
	}
	assert_int_equal(zc_tell(figure(rows[1].ratio, 2), figure(rows[1].control, 9)),
			 ZC_CANNOT_TELL);
	assert_int_equal(zc_tell(figure(rows[1].ratio, 9), figure(rows[1].control, 2)),
			 ZC_CANNOT_TELL);
}

static void noise_is_the_usual_spread_of_the_control(void **state)
{
	static struct zc_method_result methods[3];
	struct zc_result result = { .ways = 2, .methods = 3, .method = methods };

	(void)state;
	assert_near(zc_noise(&result), 0);
	for (int i = 0; i < 3; i++) {
		double spread = i == 2 ? 5 : 0.02 * (i + 1);

		made_up_walls(&methods[i].cell[0][0], 3, (double[]){ 1, 1, 1 });
		made_up_walls(&methods[i].cell[0][1], 3, (double[]){ 1 - spread, 1, 1 + spread });
	}
	assert_near(zc_noise(&result), 0.04);
	result.methods = 0;
	assert_near(zc_noise(&result), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(medians_and_quartiles),
		cmocka_unit_test(counts_are_figures_too),
		cmocka_unit_test(ratios_are_sample_by_sample),
		cmocka_unit_test(every_verdict),
		cmocka_unit_test(noise_is_the_usual_spread_of_the_control),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * How a printed program makes its calls: a process for each one who makes some, each call in its
 * turn. Must not know which calls; all_calls and ROOT_MODE follow, printed.
 */
#ifndef ZC_TWIN_CALL_PROGRAM_H
#define ZC_TWIN_CALL_PROGRAM_H

static void all_calls(void);
static mode_t root_mode(void);
static int me, step, *done;

static bool turn(int actor)
{
	step++;
	if (actor != me)
		return false;
	while (__atomic_load_n(done, __ATOMIC_ACQUIRE) != step - 1)
		usleep(100);
	said = (struct said){ .value = -2 };
	errno = 0;
	return true;
}

static void tell(const char *call)
{
	said.err = said.value == -1 ? errno : 0;
	printf("%d: %.200s\n\t= %ld %s%s\n", me, call, said.value,
	       said.err ? strerrorname_np(said.err) : "", said.note);
	fflush(stdout);
	__atomic_store_n(done, step, __ATOMIC_RELEASE);
}

#define as(actor) if (turn(actor))
#define show(call)                                                                                 \
	do {                                                                                       \
		int number = sigsetjmp(fault, 1);                                                  \
                                                                                                   \
		if (number)                                                                        \
			say_fault(number);                                                         \
		else                                                                               \
			said.value = (call);                                                       \
		tell(#call);                                                                       \
	} while (0)

static void make_calls_as(int number)
{
	me = number;
	alarm(60);
	if (begin_as(number)) {
		perror("credentials");
		exit(1);
	}
	all_calls();
	exit(0);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY (an empty one)\n", argv[0]);
		return 2;
	}
	began = time(NULL);
	done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (chdir(argv[1]) || mkdir("x", 0755) || mkdir("x/r", 0755) || chown("x/r", 0, 2000) ||
	    chmod("x/r", root_mode()) || chdir("x/r")) {
		perror(argv[1]);
		return 1;
	}
	for (int i = 0; i < EVERYBODY; i++)
		if (!fork())
			make_calls_as(i);
	while (wait(NULL) > 0)
		;
	tree_describe(stdout, false);
	tree_describe(stdout, true);
	return 0;
}
#endif

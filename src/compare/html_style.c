// SPDX-License-Identifier: MIT
// What the page looks like: on a screen, a phone, paper; and the patterns of the bars.
// Must not know what it shows.
#include "html.h"

#include <string.h>

/* Colours: Okabe and Ito's, that colour-blind people tell apart. None says anything alone. */
static const char style[] =
    ":root{color-scheme:light}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;padding:0 1rem 3rem;max-width:64rem;background:#fff;color:#1a1a1a;"
    "font:1rem/1.5 system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif;"
    "overflow-wrap:break-word}"
    "h1{font-size:1.6rem;line-height:1.2;margin:1.5rem 0 1rem}"
    "h2{font-size:1.3rem;line-height:1.25;margin:2.5rem 0 .75rem;border-top:2px solid #1a1a1a;"
    "padding-top:.75rem}"
    "h3{font-size:1.05rem;margin:1.5rem 0 .5rem}"
    "h4{font-size:.95rem;margin:0 0 .25rem}figcaption{margin-top:.35rem}"
    "figcaption::first-letter{text-transform:uppercase}"
    "p,li,dd{max-width:44rem}"
    ".answer{font-size:1.25rem;line-height:1.4;border-left:6px solid #0072b2;margin:0 0 1rem;"
    "padding:.25rem 0 .25rem 1rem}"
    ".warning{border:2px solid #1a1a1a;padding:.5rem 1rem;font-weight:600}"
    ".small{font-size:.9rem;color:#333}"
    ".grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));"
    "gap:1.5rem 2rem}"
    ".grid>*{min-width:0}"
    "figure{margin:0;max-width:34rem}"
    "figcaption{font-size:.9rem}"
    "figcaption p{margin:.25rem 0}"
    "svg{display:block;width:100%;height:auto;font-family:inherit}"
    "svg.key{display:inline-block;width:2.25rem;height:1rem;vertical-align:-.15rem;"
    "margin-right:.35rem}"
    ".keys{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:.5rem 0;"
    "padding:0}"
    "details{margin:1rem 0}"
    "summary{cursor:pointer;font-weight:600;padding:.5rem 0}"
    "summary:focus-visible,.scroll:focus-visible,a:focus-visible{outline:3px solid #0072b2}"
    ".scroll{overflow-x:auto;max-width:100%}"
    "table{border-collapse:collapse;font-size:.8rem;margin:0 0 1.5rem}"
    "caption{text-align:left;font-weight:600;font-size:1rem;padding:.5rem 0}"
    "th,td{border-bottom:1px solid #bbb;padding:.2rem .6rem;text-align:right;white-space:nowrap}"
    "th:first-child,th[scope=row],td.word{text-align:left}"
    "thead th{border-bottom:2px solid #1a1a1a;vertical-align:bottom;white-space:normal;"
    "min-width:4.5rem}"
    "tr.first>*{border-top:1px solid #1a1a1a}"
    "dt{font-weight:600;margin-top:.75rem}"
    "dd{margin:0 0 0 1rem}"
    "pre,code{font-family:ui-monospace,'DejaVu Sans Mono',monospace;font-size:.9rem;"
    "white-space:pre-wrap;overflow-wrap:anywhere}"
    "pre{background:#f2f2f2;border:1px solid #777;padding:.75rem}"
    ".band{fill:#ececec}.border{stroke:#1a1a1a;stroke-width:1.5;stroke-dasharray:6 4}"
    ".box{fill:#fff;stroke:#1a1a1a;stroke-width:1.5}.idle{stroke-dasharray:2 3}"
    ".badge{fill:#fff;stroke:#777;stroke-width:.75}.link{stroke:#1a1a1a;stroke-width:1.5}"
    ".c-arrow,.k-arrow,.d-arrow,.s-arrow{stroke:#1a1a1a;stroke-width:1}"
    ".c-arrow{fill:#0072b2}.k-arrow{fill:#fff}.d-arrow{fill:url(#w-copy)}"
    ".s-arrow{fill:url(#w-splice)}"
    "@media print{body{max-width:none;padding:0;font-size:10pt}.scroll{overflow:visible}"
    "h2,h3,h4,figcaption,summary,.keys{break-after:avoid}"
    ".picture,svg,figcaption,li,tr{break-inside:avoid}"
    ".picture svg{max-height:5cm}figcaption{font-size:8pt}"
    "details::details-content{content-visibility:visible;display:block;height:auto}"
    "table{font-size:5pt}th,td{padding:.1rem .15rem;white-space:normal}thead th{min-width:0}"
    ".grid{grid-template-columns:1fr 1fr;gap:1rem}pre{background:none}}";

static const struct {
	const char *way, *pattern;
} patterns[] = {
	{ "plain", "w-plain" },	  { "plain again", "w-again" }, { "passthrough", "w-pass" },
	{ "splice", "w-splice" }, { "copy", "w-copy" },		{ "cached", "w-cached" },
};

#define PATTERN(id, size, inside)                                                                  \
	"<pattern id=\"" id "\" width=\"" size "\" height=\"" size                                 \
	"\" patternUnits=\"userSpaceOnUse\"><rect width=\"" size "\" height=\"" size               \
	"\" fill=\"#fff\"/>" inside "</pattern>"

static const char definitions[] =
    "<svg width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\" "
    "style=\"position:absolute;width:0;height:0\"><defs>"
    "<pattern id=\"w-plain\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\">"
    "<rect width=\"4\" height=\"4\" fill=\"#4d4d4d\"/></pattern>"
    /* forward strokes */
    PATTERN("w-pass", "6",
	    "<path d=\"M-1 1 1-1M0 6 6 0M5 7 7 5\" stroke=\"#0072b2\" stroke-width=\"2.4\"/>")
    /* dots */
    PATTERN("w-splice", "5",
	    "<circle cx=\"2.5\" cy=\"2.5\" r=\"1.6\" fill=\"#e69f00\" stroke=\"#6b4a00\" "
	    "stroke-width=\".5\"/>")
    /* a grid of strokes both ways */
    PATTERN("w-copy", "6",
	    "<path d=\"M-1 1 1-1M0 6 6 0M5 7 7 5M-1 5 1 7M0 0 6 6M5-1 7 1\" stroke=\"#d55e00\" "
	    "stroke-width=\"1.5\"/>")
    /* upright */
    PATTERN("w-cached", "4", "<path d=\"M2 0V4\" stroke=\"#009e73\" stroke-width=\"1.8\"/>")
    /* level */
    PATTERN("w-other", "4", "<path d=\"M0 2H4\" stroke=\"#a0457c\" stroke-width=\"1.6\"/>")
	PATTERN("w-again", "8",
		"<path d=\"M0 4H8\" stroke=\"#4d4d4d\" stroke-width=\"1\"/>") "</defs></svg>\n";

void zc_html_style(FILE *out)
{
	fputs(style, out);
}

void zc_html_patterns(FILE *out)
{
	fputs(definitions, out);
}

const char *zc_html_pattern(const struct zc_way_result *way)
{
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (!strcmp(patterns[i].way, zc_words_way(way)))
			return patterns[i].pattern;
	return "w-other";
}

# ruff: noqa: E501
"""A web page that tries to run a script, in every way that is known to us."""

RUN = "stolen()"
PAGE = """<!doctype html><html lang="en" onload="RUN"><head><title>Notes <script>RUN</script></title>
<meta name="author" content="&quot;&gt;&lt;script&gt;RUN&lt;/script&gt;">
<meta http-equiv="refresh" content="0;url=javascript:RUN"><base href="//elsewhere.example/">
<link rel="stylesheet" href="//elsewhere.example/a.css"><style>p { background: url(javascript:RUN) }</style>
<script src="//elsewhere.example/a.js"></script><script>RUN</script></head><body onload="RUN" style="x:expression(RUN)">
<h1>Notes of the <img src=x onerror=RUN>pilots</h1>
<p>The pilots of the harbour were heard at length, and the vote was taken on the same day by the council.</p>
BAD
<!-- <script>RUN</script> --><!--[if IE]><script>RUN</script><![endif]-->
<p>Nobody asked what the keeper of the lamp had seen from the pier.</p></body></html>"""
BAD = (
    "<p>Seen <script>RUN</script>from the pier.</p>", "<p onclick=RUN>Seen from the pier.</p>",
    "<p>Seen <img src=x onerror=RUN> from <image src=x onerror=RUN>the pier.</p>",
    "<p>Seen <svg onload=RUN><script>RUN</script><animate onbegin=RUN attributeName=x></svg>from the pier.</p>",
    "<p>Seen from <a href=javascript:RUN>the pier</a>.</p>", "<p>Seen from <a href='java&#10;script:RUN'>the pier</a>.</p>",
    "<p>Seen from <a href='data:text/html,<script>RUN</script>'>the pier</a>.</p>",
    "<p>Seen from <a href='vbscript:RUN' ping=//elsewhere.example>the pier</a>.</p>",
    "<p>Seen <iframe src=javascript:RUN srcdoc='<script>RUN</script>'></iframe>from the pier.</p>",
    "<p>Seen <object data=javascript:RUN></object><embed src=javascript:RUN><applet code=x>from the pier.</p>",
    "<form action=javascript:RUN><button formaction=javascript:RUN>Seen</button><input autofocus onfocus=RUN></form>",
    "<p>Seen &lt;script&gt;RUN&lt;/script&gt; from the pier.</p>",
    "<p>Seen &amp;lt;script&amp;gt;RUN&amp;lt;/script&amp;gt; from the pier.</p>",
    "<p title='\"><script>RUN</script>' id='\"><script>RUN</script>'>Seen from the pier.</p>",
    "<p>Seen <noscript><p title='</noscript><script>RUN</script>'></noscript>from the pier.</p>",
    "<math><mtext><table><mglyph><style><!--</style><img src=x onerror=RUN>--></style></mglyph></table></mtext></math>",
    "<p>Seen <textarea><script>RUN</script></textarea> <xmp><script>RUN</script></xmp>from the pier.</p>",
    "<p>Seen <template><script>RUN</script></template><video><source onerror=RUN></video>from the pier.</p>",
    "<scr<script>ipt>RUN</scr</script>ipt><p>Seen from the pier.</p>", "<p>Seen <script>RUN from the pier.</p>",
    "<details open ontoggle=RUN><summary>Seen</summary>from the pier</details><marquee onstart=RUN>pier</marquee>",
    "<p>Seen <a href=#n1 name='r1\" onclick=RUN x=\"'><sup>1</sup></a>.</p><p><a name=n1 href='#r1'>1.</a> <script>RUN</script>A note.</p>",
    "<p>Seen <![CDATA[<script>RUN</script>]]><?php RUN ?><%= RUN %>from the pier.</p>",
    "<p>Seen \x00<script\x00>RUN</script\x00> <script/x>RUN</script>from the pier.</p>",
    "<p>Seen from {{7*7}} {% raw %}<script>RUN</script>{% endraw %} the pier.</p>",
)  # fmt: skip


def page(bad: str) -> str:
    """A page with some words, and with one of the ways among them."""
    return PAGE.replace("BAD", bad).replace("RUN", RUN)

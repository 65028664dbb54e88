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

fn document(html: &str) -> pizhu_text::document::Document {
    let (extracted, _) = extract(html.as_bytes(), None).unwrap();
    pizhu_text::document::parse(extracted.text, &extracted.hints)
}

fn paragraphs(html: &str) -> Vec<String> {
    let document = document(html);
    document.paragraphs.iter().map(|paragraph| document.text(paragraph.span)).collect()
}

#[test]
fn title_is_the_heading_and_not_the_next_short_line() {
    let body =
        "<p>青石乡党委书记 林某</p><p>同志们：</p><p>一、课要讲得浅</p><p>多讲种田养猪的门道。</p><p>二、时间要排得巧</p><p>农忙停课。</p>";
    let title = "在全乡夜校工作会议上的讲话";
    for head in [
        format!("<title>{title}</title><h1>{title}</h1>"),
        format!("<title>{title} - 青石乡政府网</title><h1>青石乡政府网</h1><h2>{title}</h2>"),
        format!("<h1>{title}</h1><p>{title}</p>"),
        format!("<title>首页</title><h1>{title}</h1>"),
    ] {
        assert_eq!(document(&format!("{head}{body}")).metadata.title.as_deref(), Some(title), "{head}");
    }
}

#[test]
fn single_line_breaks_may_stand_within_a_paragraph() {
    let html = "<h1>工作总结</h1><p>要抓实。</p>这一年全县上下齐心协力，修通了几条往年想修而没能修通的<br>水渠，群众看在眼里。<br><br>\
        这一年全县上下齐心协力，修通了几条往年想修而没能修通的<br><br>水渠，群众看在眼里";
    assert_eq!(paragraphs(html).len(), 5);
    assert_eq!(page(html).1.soft_breaks.unwrap().len(), 1);
    let items = "<h1>工作总结</h1><p>要抓实。</p><ul><li>支渠清淤，一共清了三里路，淤泥就近堆放在渠边<li>放水排班，家家都轮得上，没有人有意见</ul>\
        <dl><dt>提灌站检修的情况和下一步要做的几件事情，名单附后<dd>查看八台机器，换掉三根皮带</dl>";
    assert_eq!(paragraphs(items).len(), 6);
}

#[test]
fn columns_are_counted_over_merged_cells() {
    let table =
        "<h1>办学情况</h1><table><tr><th rowspan=2>年份<th colspan=2>人数<tr><td>教师<td>学生<tr><td>2031<td><td>340<tr><td>备注</table>";
    assert_eq!(page(table).0, "办学情况\n年份\t人数\n\t教师\t学生\n2031\t\t340\n备注\n");
    assert_eq!(page(table).1.kinds.iter().filter(|hint| hint.kind == ParagraphKind::Verbatim).count(), 1);
}

#[test]
fn text_in_a_table_of_the_layout_stays_in_paragraphs() {
    let prose = "<p>要坚持问题导向，压实责任，抓好落实。</p>".repeat(3);
    let html = format!("<table><tr><td>2031年1月26日，青石乡</td><td>{prose}</td></tr></table>");
    assert_eq!(page(&html).0.lines().count(), 4);
    // A table inside a cell does not end the row around it.
    let nested = "<table><tr><td>项目<table><tr><td>甲<td>乙</table><td>数量</table>";
    assert!(page(nested).0.contains("数量"));
}

#[test]
fn page_of_preformatted_text_has_sections() {
    let html = "<html><body><pre>在全乡会议上的讲话\n\n同志们：\n一、课要讲得浅\n多讲种田养猪的门道，少念文件。\n二、时间要排得巧\n农忙停课，农闲多上。\n</pre></body></html>";
    assert_eq!(document(html).outline.sections().len(), 2);
    let code = "<p>要坚持问题导向，压实责任，抓好落实，推动发展。</p><pre>一、甲\n二、乙</pre>";
    assert!(document(code).outline.sections().is_empty());
}

#[test]
fn references_that_were_escaped_twice_are_resolved() {
    assert_eq!(
        page("<p>&amp;nbsp;&amp;nbsp;他说&amp;ldquo;要抓实&amp;rdquo;，AT&amp;T&amp;unknown;&lt;").0,
        "他说“要抓实”，AT&T&unknown;<\n"
    );
}

#[test]
fn site_names_and_template_directives_are_removed() {
    let prose = "<p>要坚持问题导向，压实责任，抓好落实。</p>";
    assert_eq!(page(&format!("<%@ page x=\"1\" %><title>青石乡政府网</title>{prose}")), page(prose));
    assert_eq!(page(&format!("<title>青石乡会议讲话</title>{prose}")).1.title.as_deref(), Some("青石乡会议讲话"));
}

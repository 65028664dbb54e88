//! Views across speeches: library search, passages by tag, shared passages, counts, comparison.

use crate::terminal::Home;

const SPEECH: &str = "青禾县组织工作会议讲话.txt";
const BIG5: &str = "臨江市人才工作會議講話.txt";
const TALENT: &str = "玉带市人才工作推进会讲话.txt";

#[test]
fn library_search_updates_while_typing() {
    for (columns, rows) in [(120, 40), (80, 24)] {
        let home = Home::with_speeches(&[SPEECH, BIG5, TALENT]);
        let count = home.print(&["search", "人才", "speeches"]).lines().count();
        let mut terminal = home.open(columns, rows, &["speeches"]);
        terminal.wait_for("2024-07-08").wait_for("2021-09-28").settle();
        terminal.press("g/").wait_for("全库查找");
        terminal.type_text("rencai").wait_for(&format!("{count} 处 · 3 篇"));
        terminal.press("<Tab>").wait_for("在臨江市人才工作會議閉幕時的講話");
        terminal.settle().assert_whole();
        // A new query replaces the results; filters are part of the query.
        terminal.press("<C-u>").type_text("人才 in:title").wait_for("2 处 · 2 篇");
        terminal.press("<C-u>").type_text("梧桐树").wait_for("2 处 · 1 篇");
        terminal.press("<C-u>").type_text("绝无此语").wait_for("0 处");
        terminal.press("<C-u>").type_text("梧桐樹下勤澆水").wait_for("1 处 · 1 篇");
        // Enter opens the hit with its matches highlighted; q returns to the results.
        terminal.press("<Down><Enter>").wait_for("大家常讲，").wait_for("1/1");
        terminal.settle().assert_whole();
        terminal.press("q").wait_for("1 处 · 1 篇").settle().assert_whole();
        terminal.press("<Esc>").wait_for("2024-07-08");
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
        assert!(terminal.is_restored());
    }
}

#[test]
fn passages_of_a_tag_are_shown_as_one_text_and_exported() {
    for (columns, rows) in [(120, 40), (80, 24)] {
        let home = Home::with_speeches(&[SPEECH, BIG5, TALENT]);
        let speech = |name: &str| format!("speeches/{name}");
        home.print(&["tags", "add", "青年人才", "--parent", "人才工作"]);
        home.print(&["tag", &speech(SPEECH), "--section", "一/（三）", "人才工作"]);
        home.print(&["tag", &speech(BIG5), "--section", "三/(一)", "人才工作"]);
        home.print(&["tag", &speech(TALENT), "--section", "二/第二", "青年人才"]);
        home.print(&["note", &speech(TALENT), "--section", "二/第二", "可作范例"]);
        let mut terminal = home.open(columns, rows, &["speeches"]);
        terminal.wait_for("2024-07-08").wait_for("2021-09-28").settle();
        terminal.press("gR").wait_for("青年人才").settle().assert_whole();
        terminal.type_text("rencaigongzuo").press("<Enter>").wait_for("3 处 · 3 篇").wait_for("辦好關鍵小事");
        terminal.settle().assert_whole();
        terminal.press("G").wait_for("可作范例").settle().assert_whole();
        // Opens the last item, from the latest speech, and returns.
        // What follows the passage is in the reader alone.
        terminal.press("N<Enter>").wait_for("青年人才挑梁").wait_for("玉带的剪纸").settle();
        terminal.press("q").wait_for("3 处 · 3 篇");
        terminal.press("X").wait_for("导出到 人才工作.md");
        terminal.press("<Enter>").wait_for("已导出");
        terminal.settle();
        let written = std::fs::read_to_string(home.path().join("人才工作.md")).unwrap();
        let offset = |words: &str| written.find(words).unwrap_or_else(|| panic!("{words} in {written}"));
        assert!(offset("臨江市") < offset("青禾县") && offset("青禾县") < offset("玉带市") && offset("可作范例") > 0);
        terminal.press("<Esc>").wait_for("2024-07-08");
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
    }
}

#[test]
fn shared_passages_are_compared_and_suggestions_accepted() {
    for (columns, rows) in [(120, 40), (80, 24)] {
        let home = Home::with_speeches(&[SPEECH, BIG5, TALENT]);
        let mut terminal = home.open(columns, rows, &["speeches"]);
        terminal.wait_for("2024-07-08").wait_for("2021-09-28").settle();
        terminal.press("gC").wait_for("共有段落").wait_for("沒有人才的支撐").wait_for("没有人才的支撑");
        // The older speech is on the left; the similarity is shown.
        terminal.wait_for("2021-09-28").wait_for("%  ");
        terminal.settle().assert_whole();
        terminal.press("no").wait_gone("共有段落").wait_for("没有人才的支撑").settle();
        terminal.press("q").wait_for("共有段落");
        terminal.press("<Esc>").wait_for("2024-07-08").settle();
        let speech = format!("speeches/{SPEECH}");
        let mut reader = home.open(columns, rows, &[&speech]);
        reader.wait_for("同志们").settle();
        reader.press("gS").wait_for("建议标签").wait_for("（三）引才聚才").wait_for("人才工作");
        reader.settle().assert_whole();
        reader.press("a").wait_for("已").settle();
        // A rejected suggestion stays hidden, also after reopening.
        reader.press("gg").settle();
        let first = reader.screen().lines().nth(2).unwrap().replace('▐', "").trim().to_owned();
        reader.press("x").wait_for("不再建议").wait_gone(&first).settle();
        reader.press("<Esc>").wait_gone("建议标签").settle();
        reader.press("gS").wait_for("建议标签").wait_for("x 拒绝").settle();
        assert!(!reader.screen().contains(&first), "{first}");
        reader.press("Q");
        assert_eq!(reader.wait_exit().exit_code(), 0);
        let tagged = home.print(&["export", &speech, "--format", "json"]);
        assert_eq!(tagged.matches("\"scope\"").count(), 1, "{tagged}");
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
    }
}

#[test]
fn tag_counts_lead_to_their_passages() {
    for (columns, rows) in [(120, 40), (80, 24)] {
        let home = Home::with_speeches(&[SPEECH, BIG5, TALENT]);
        let speech = |name: &str| format!("speeches/{name}");
        home.print(&["tags", "add", "青年人才", "--parent", "人才工作"]);
        home.print(&["tag", &speech(SPEECH), "--section", "一/（三）", "人才工作", "制度建设"]);
        home.print(&["tag", &speech(BIG5), "--section", "三/(一)", "人才工作"]);
        home.print(&["tag", &speech(TALENT), "--section", "二/第二", "青年人才"]);
        let mut terminal = home.open(columns, rows, &["speeches"]);
        terminal.wait_for("2024-07-08").wait_for("2021-09-28").settle();
        terminal.press("g#").wait_for("按篇").wait_for("热图").wait_for("3 处 · 3 篇").wait_for("人才工作");
        terminal.settle().assert_whole();
        // A tag includes its descendants; the next table counts by year.
        terminal.press("<Tab>").wait_for("按年").wait_for("2021").wait_for("2024").settle().assert_whole();
        terminal.press("<Tab>").wait_for("按层级").wait_for("第2级").settle();
        terminal.press("<Tab>").wait_for("共现").settle().assert_whole();
        // Cell 人才工作 × 制度建设 of the co-occurrence table: one passage; opens it and returns.
        terminal.press("gg^ll").settle();
        terminal.press("<Enter>").wait_for("人才工作 × 制度建设").wait_for("1 处 · 1 篇");
        terminal.press("<Enter>").wait_for("引才聚才").settle();
        terminal.press("q").wait_for("1 处 · 1 篇").settle();
        terminal.press("<Esc>").wait_for("共现").settle();
        // Bar view, transposed, sorted by count, exported as CSV.
        terminal.press("v").wait_for("共现  表");
        terminal.press("v").wait_for("▞▞▞").settle().assert_whole();
        terminal.press("<S-Tab>").wait_for("按层级");
        terminal.press("t").wait_for("第2级").settle();
        terminal.press("s").wait_for("多的在前");
        terminal.press("X").wait_for("导出到 tags-by-level.csv");
        terminal.press("<Enter>").wait_for("已导出");
        let written = std::fs::read_to_string(home.path().join("tags-by-level.csv")).unwrap();
        assert!(written.starts_with("tag,人才工作,青年人才,制度建设,total\n第2级,3,1,1,3\n"), "{written}");
        terminal.press("q").wait_for("2024-07-08");
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
        let by_year = home.print(&["count", "speeches", "--by", "year", "--format", "csv"]);
        assert!(by_year.contains("\n人才工作,") && by_year.lines().next().unwrap().ends_with(",total"), "{by_year}");
    }
}

#[test]
fn two_speeches_or_tags_are_compared_side_by_side() {
    for (columns, rows) in [(120, 40), (80, 24), (50, 24)] {
        let home = Home::with_speeches(&[SPEECH, BIG5, TALENT]);
        let speech = |name: &str| format!("speeches/{name}");
        home.print(&["tag", &speech(SPEECH), "--section", "一/（三）", "人才工作"]);
        home.print(&["tag", &speech(TALENT), "--section", "二/第二", "制度建设"]);
        let mut terminal = home.open(columns, rows, &["speeches"]);
        terminal.wait_for("2024-07-08").wait_for("2021-09-28").settle();
        terminal.press("g|<C-u>").type_text("青禾|臨江").press("<Enter>");
        terminal.wait_for("同步滚动").wait_for("同志们").wait_for("同志們").settle().assert_whole();
        // With synchronized scrolling, the other side moves to the section with the same path.
        terminal.press("]]").settle();
        let synchronized = terminal.screen_text();
        terminal.press("=").wait_for("各自滚动");
        terminal.press("<Tab>G").settle().assert_whole();
        assert!(terminal.screen_text() != synchronized);
        terminal.press("<Enter>").wait_for("%").wait_gone("各自滚动").settle();
        terminal.press("q").wait_for("各自滚动").settle();
        terminal.press("<Esc>").wait_for("青禾县").settle();
        // Compares two tags, each with its passages as one text.
        terminal.press("g|<C-u>").type_text("人才工作|制度建设").press("<Enter>");
        terminal.wait_for("引才聚才").wait_for("青年人才挑梁").settle().assert_whole();
        terminal.press("q").wait_gone("同步滚动");
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
    }
}

//! Two speeches of one place, a year apart: compared, gone through change by change, opened at one.

use crate::terminal::Home;

const LAST_YEAR: &str = "在青禾县人才工作会议上的讲话\n（2024年5月6日）\n\n同志们：\n\n今天讲三点。\n\n一、抓好人才工作\n\n去年引进高层次人才三十名，人才平台建起来了，还要把本土人才留住用好。\n\n二、建强基层组织\n\n每个村都要有一个坚强的支部，党员要在急难险重的时候站得出来、顶得上去。\n\n三、改进作风\n\n文件要短、会议要少、调研要实，不给基层添麻烦。\n";
const THIS_YEAR: &str = "在青禾縣人才工作會議上的講話\n（2025年5月8日）\n\n同志們：\n\n今天講三點。\n\n一、建強基層組織\n\n每個村都要有一個堅強的支部，黨員要在急難險重的時候站得出來、頂得上去。\n\n二、培養年輕幹部\n\n把年輕幹部放到項目工地和信訪窗口去摔打，在實踐中長本領、見世面。\n\n三、抓好人才工作\n\n去年引進高層次人才五十六名，人才平臺建起來了，還要把本土人才留住用好。\n";

#[test]
fn a_writer_sees_what_is_new_since_last_year() {
    for (columns, rows) in [(120, 40), (80, 24), (40, 12)] {
        let home = Home::with_speeches(&[]);
        std::fs::create_dir_all(home.speeches()).unwrap();
        std::fs::write(home.speech("去年.txt"), LAST_YEAR).unwrap();
        std::fs::write(home.speech("今年.txt"), THIS_YEAR).unwrap();
        let mut terminal = home.open(columns, rows, &["speeches"]);
        terminal.wait_for("在青禾縣人才").wait_for("在青禾县人才").settle();
        // The other speech is found by the pinyin of its title; the older is on the left.
        terminal.press("g|").wait_for("比较");
        terminal.type_text("qinghe");
        terminal.press("<Enter>").wait_for("改动").settle().assert_whole();
        let screen = terminal.screen();
        assert!(screen.find("青禾县").unwrap() < screen.find("青禾縣").unwrap(), "{screen}");
        // From change to change on the newer side: signs say what each is.
        terminal.press("<Tab>n").settle();
        let mut signs: Vec<String> = vec![terminal.screen_text()];
        for _ in 0..6 {
            terminal.press("n").settle();
            signs.push(terminal.screen_text());
        }
        assert!(signs.iter().any(|screen| screen.contains("+二、培養年輕幹部")), "{}", signs.join("\n"));
        assert!(signs.iter().any(|screen| screen.contains("-三、改进作风")), "{}", signs.join("\n"));
        terminal.wait_for("后面没有改动了");
        // The list of the sections, with what became of each; pinyin finds one.
        terminal.press("s").wait_for("各节比较").wait_for("新增").settle().assert_whole();
        terminal.type_text("peiyang").press("<Enter>").wait_gone("各节比较").wait_for("培養年輕幹部").settle().assert_whole();
        // Its source, and back.
        terminal.press("<Enter>").wait_gone("改动").settle().assert_whole();
        terminal.press("q").wait_for("改动").settle();
        terminal.press("<Esc>").wait_for("在青禾县人才").settle();
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
    }
}

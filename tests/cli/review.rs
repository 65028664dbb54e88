//! `review`, `history` and `agree`, run as processes.

use crate::program;

use program::{SPEECH, TestProgram};
use serde_json::{Value, json};

/// A program whose speech was annotated and then edited, and the ids of its annotations: one is
/// unchanged, one lost its text (orphaned), one has an uncertain match (needs review), because the text
/// that they were made in is not kept.
fn program_with_edited_speech() -> (TestProgram, [String; 3]) {
    let program = TestProgram::with_speech();
    program.write("../config/pizhu/settings.ron", "(snapshots: false)");
    let tag = |place: &[&str], tag: &str| {
        let arguments = [&["tag", "a.txt"], place, &[tag]].concat();
        program.run(&arguments).ok().trim().to_owned()
    };
    let stays = tag(&["--section", "一"], "思想");
    let gone = tag(&["--quote", "建成两个工作站"], "平台");
    let open = tag(&["--section", "二/（一）"], "引才");
    let text = SPEECH
        .replace("二是平台建起来了。建成两个工作站。", "")
        .replace("（一）抓引进\n要到外面去请人才。", "（一）抓人才引进\n要把门打开。");
    program.write("a.txt", text);
    (program, [stays, gone, open])
}

fn review_items(program: &TestProgram, arguments: &[&str]) -> Vec<Value> {
    let all = [&["review", "a.txt", "--format", "json"], arguments].concat();
    program.run(&all).json()["annotations"].as_array().unwrap().clone()
}

fn anchor_statuses(program: &TestProgram) -> Vec<(String, String)> {
    let exported = program.run(&["export", "--format", "json"]).json();
    let all = exported["annotations"].as_array().unwrap();
    all.iter().map(|entry| (entry["tags"][0].as_str().unwrap().to_owned(), entry["anchor"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn review_shows_old_and_proposed_text() {
    let (program, [_, gone, open]) = program_with_edited_speech();
    let found = review_items(&program, &[]);
    assert_eq!(found.len(), 2, "{found:?}");
    let item = |id: &str| found.iter().find(|item| item["id"] == id).unwrap();
    let (gone, open) = (item(&gone), item(&open));
    assert_eq!((&gone["anchor"], &gone["proposed"], &gone["old"]["quote"]), (&json!("orphaned"), &Value::Null, &json!("建成两个工作站")));
    assert_eq!(gone["old"]["section"], json!(["一、", "二是"]));
    assert_eq!(
        (&open["anchor"], &open["old"]["quote"], &open["proposed"]["quote"]),
        (&json!("review"), &json!("（一）抓引进"), &json!("（一）抓人才引进"))
    );
    assert_eq!(
        open["difference"],
        json!([{"op": "same", "text": "（一）抓"}, {"op": "insert", "text": "人才"}, {"op": "same", "text": "引进"}])
    );
    let text = program.run(&["review"]).ok();
    assert!(text.contains("【（一）抓引进】") && text.contains("【（一）抓人才引进】") && text.contains("（一）抓{+人才+}引进"), "{text}");
    assert!(text.contains("(no position proposed)") && text.contains("needs review") && text.contains("〔平台〕"), "{text}");
    assert_eq!(TestProgram::with_speech().run(&["review", "a.txt"]).ok(), "", "nothing to decide");
}

#[test]
fn accept_applies_all_proposals() {
    let (program, [_, gone, open]) = program_with_edited_speech();
    assert!(program.run(&["review", "a.txt", "--accept", "--id", &gone]).error(2).contains("no position is proposed"));
    assert_eq!(program.run(&["review", "a.txt", "--accept"]).ok().trim(), open);
    assert_eq!(review_items(&program, &[]).len(), 1);
    assert!(anchor_statuses(&program).contains(&("引才".to_owned(), "exact".to_owned())));
}

#[test]
fn orphans_can_be_reattached_or_kept() {
    let (program, [_, gone, open]) = program_with_edited_speech();
    program.run(&["review", "--id", &gone, "--quote", "全县引进三十人"]).ok();
    assert!(anchor_statuses(&program).contains(&("平台".to_owned(), "exact".to_owned())));
    program.run(&["review", "a.txt", "--id", &open, "--orphan"]).ok();
    assert!(anchor_statuses(&program).contains(&("引才".to_owned(), "orphaned".to_owned())));
    assert_eq!(review_items(&program, &[]).len(), 0, "a kept orphan is not listed again");
    let kept = review_items(&program, &["--all"]);
    assert_eq!((kept.len(), &kept[0]["kept"]), (1, &json!(true)));
    program.run(&["review", "a.txt", "--id", &open, "--section", "二/（一）"]).ok();
    assert!(anchor_statuses(&program).contains(&("引才".to_owned(), "exact".to_owned())));
}

#[test]
fn review_usage_errors() {
    let (program, [stays, gone, _]) = program_with_edited_speech();
    assert!(program.run(&["review", "a.txt", "--quote", "会议"]).error(2).contains("exactly one --id"));
    assert!(program.run(&["review", "a.txt", "--id", &gone, "--id", &stays, "--quote", "会议"]).error(2).contains("exactly one --id"));
    assert_eq!(program.run(&["review", "a.txt", "--orphan"]).status, 2);
    let nobody = "01890000-0000-7000-8000-000000000000";
    assert!(program.run(&["review", "a.txt", "--id", nobody]).error(2).contains("there is no annotation"));
    assert!(program.run(&["review", "没有.txt"]).error(2).contains("no such file"));
    let hans = program.set_env("LANG", "zh_CN.UTF-8");
    assert!(hans.run(&["review", "a.txt", "--accept", "--id", &gone]).error(2).contains("没有为批注"));
}

/// A restoration also took back what colleagues had done since.
#[test]
fn restoring_keeps_later_changes_of_others() {
    let program = TestProgram::with_speech();
    let tags = || -> Vec<Value> {
        let exported = program.run(&["export", "--format", "json"]).json();
        exported["annotations"].as_array().unwrap().iter().map(|entry| entry["tags"][0].clone()).collect()
    };
    program.run(&["tag", "a.txt", "--section", "一", "一"]).ok();
    program.run(&["--author", "王工", "tag", "a.txt", "--section", "二", "二"]).ok();
    program.run(&["untag", "a.txt", "--section", "一", "一"]).ok();
    let report = program.run(&["history", "a.txt", "--restore", "1"]).ok();
    assert!(report.contains("annotations changed: 1") && report.contains("(--all takes them back, too): 1"), "{report}");
    assert_eq!(tags(), ["一", "二"]);
    let report = program.run(&["history", "a.txt", "--restore", "1", "--all", "--format", "json"]).json();
    assert_eq!((&report["restored"], &report["kept"]), (&json!(1), &json!(0)));
    assert_eq!(tags(), ["一"]);
    // It is an entry, and undone like any other.
    program.run(&["history", "a.txt", "--restore", "4"]).ok();
    assert_eq!(tags(), ["一", "二"]);
    assert_eq!(program.run(&["history", "a.txt", "--all"]).status, 2, "it says what --restore takes back");
}

#[test]
fn any_history_state_can_be_restored() {
    let program = TestProgram::with_speech();
    let id = program.run(&["tag", "a.txt", "--section", "一", "一", "二"]).ok();
    program.run(&["note", "a.txt", "--id", id.trim(), "记下"]).ok();
    program.run(&["untag", "a.txt", "--section", "一", "二"]).ok();
    program.run(&["tag", "a.txt", "--section", "二", "三"]).ok();
    program.run(&["note", "a.txt", "--id", id.trim(), "--delete"]).ok();
    program.run(&["untag", "a.txt", "--section", "一"]).ok();
    let states = program.run(&["history", "a.txt", "--format", "json"]).json()["states"].as_array().unwrap().clone();
    assert_eq!(states.len(), 6);
    assert_eq!(states[0]["changes"][0]["tags_added"], json!(["一", "二"]));
    assert_eq!((&states[1]["changes"][0]["note"], &states[2]["changes"][0]["tags_removed"]), (&json!("记下"), &json!(["二"])));
    assert_eq!((&states[5]["changes"][0]["change"], &states[5]["author"]), (&json!("deleted"), &json!("李工")));

    let tags_and_notes = |program: &TestProgram| -> Vec<(Value, Value)> {
        let exported = program.run(&["export", "--format", "json"]).json();
        exported["annotations"].as_array().unwrap().iter().map(|entry| (entry["tags"].clone(), entry["note"].clone())).collect()
    };
    program.run(&["history", "a.txt", "--restore", "2"]).ok();
    assert_eq!(tags_and_notes(&program), [(json!(["一", "二"]), json!("记下"))]);
    let last = program.run(&["history", "a.txt", "--format", "json"]).json()["states"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["kind"], &last["of"]), (&json!("restore"), &states[1]["id"]));
    // A restore can itself be undone by restoring an older state, here by id.
    program.run(&["history", "a.txt", "--restore", states[4]["id"].as_str().unwrap()]).ok();
    assert_eq!(tags_and_notes(&program), [(json!(["一"]), json!("")), (json!(["三"]), json!(""))]);
    program.run(&["history", "a.txt", "--restore", "0"]).ok();
    assert_eq!(tags_and_notes(&program), []);
    let text = program.run(&["history", "a.txt"]).ok();
    assert!(
        text.lines().count() >= 9 && text.contains("+ 「一、统一思想，提高认识」 +〔一〕 +〔二〕") && text.contains("restored"),
        "{text}"
    );
    assert!(program.run(&["history", "a.txt", "--restore", "99"]).error(2).contains("no entry 99"));
    assert!(program.run(&["history", "a.txt", "--restore", "x"]).error(2).contains("no entry x"));
    assert_eq!(TestProgram::with_speech().run(&["history", "a.txt"]).ok(), "");
}

fn tag_as(program: &TestProgram, author: &str, section: &str, tag: &str) {
    program.run(&["--author", author, "tag", "a.txt", "--section", section, tag]).ok();
}

#[test]
fn agreement_between_two_authors() {
    let program = TestProgram::with_speech();
    // Seven units: the text before the first section, 一、, 一是, 二是, 二、, （一）, （二）.
    for (section, tag) in [("一", "思想"), ("二/（一）", "人才"), ("二/（二）", "人才")] {
        tag_as(&program, "甲", section, tag);
    }
    for (section, tag) in [("一", "思想"), ("二/（一）", "人才")] {
        tag_as(&program, "乙", section, tag);
    }
    let found = program.run(&["agree", "--format", "json"]).json();
    assert_eq!(found["coders"], json!(["乙", "甲"]));
    let tag_row = |tag: &str| found["tags"].as_array().unwrap().iter().find(|row| row["tag"] == tag).unwrap().clone();
    assert_eq!(
        (&tag_row("思想")["kappa"], &tag_row("思想")["percent"], &tag_row("思想")["units"]),
        (&json!(1.0), &json!(100.0), &json!(7))
    );
    // Tagged in two of seven units against one of seven: p_o = 6/7, p_e = (2·1 + 5·6)/49.
    let kappa = tag_row("人才")["kappa"].as_f64().unwrap();
    assert!((kappa - (6.0 / 7.0 - 32.0 / 49.0) / (1.0 - 32.0 / 49.0)).abs() < 1e-12, "{kappa}");
    let differing = found["disagreements"].as_array().unwrap();
    assert_eq!(differing.len(), 1);
    assert_eq!(
        (&differing[0]["section"], &differing[0]["with"], &differing[0]["without"]),
        (&json!(["二、", "（二）"]), &json!(["甲"]), &json!(["乙"]))
    );
    assert!(differing[0]["start"].as_u64().unwrap() > 0);
    let text = program.run(&["agree", "--between", "甲,乙"]).ok();
    assert!(text.contains("思想\t7\t100.0%\t1.000\t1.000") && text.contains("二、/（二）  〔人才〕  + 甲  − 乙"), "{text}");
    let one = program.run(&["agree", "--tag", "思想", "--format", "json"]).json();
    assert_eq!((one["tags"].as_array().unwrap().len(), &one["disagreements"]), (1, &json!([])));
}

/// A passage over several sections counts in each, and its extent by characters.
#[test]
fn agreement_by_units_tags_and_pairs() {
    let program = TestProgram::with_speech();
    let tag = |author: &str, quote: &str, tag: &str| program.run(&["--author", author, "tag", "a.txt", "--quote", quote, tag]).ok();
    tag("甲", "要到外面去请人才。\n（二）抓使用\n要让人才留得住", "人才");
    tag("乙", "要到外面去请人才", "人才");
    tag("丙", "要到外面去请人才", "作风");
    let agree = |words: &[&str]| program.run(&[&["agree", "--format", "json"][..], words].concat()).json();
    let two = agree(&["--between", "甲,乙"]);
    let differing: Vec<&serde_json::Value> = two["disagreements"].as_array().unwrap().iter().map(|one| &one["section"]).collect();
    assert_eq!(differing, [&json!(["二、", "（二）"])]);
    assert_eq!((&two["unit"], &two["overall"]["percent_of"], &two["pairs"]), (&json!("section"), &json!(7.0), &json!([])));
    let ends = two["overall"]["percent_interval"].as_array().unwrap();
    assert!(ends[0].as_f64().unwrap() <= 6.0 / 0.07 && 6.0 / 0.07 <= ends[1].as_f64().unwrap(), "{ends:?}");
    let chars = agree(&["--between", "甲,乙", "--unit", "char", "--coded-only"]);
    let percent = chars["overall"]["percent"].as_f64().unwrap();
    assert_eq!((&chars["overall"]["units"], (percent * 22.0).round()), (&json!(22), 800.0), "8 of 22 characters, no line ends");
    assert!(chars["overall"]["u_alpha"].as_f64().unwrap() < 1.0);
    let all = agree(&["--tag", "人才", "--tag", "作风", "--unit", "sentence", "--draws", "0"]);
    assert_eq!((all["pairs"].as_array().unwrap().len(), &all["overall"]["alpha_interval"]), (3, &json!(null)));
    assert_eq!(agree(&["--tag", "人才"])["tags"].as_array().unwrap().len(), 1);
    assert!(program.run(&["agree", "--tag", "没有"]).error(2).contains("没有"));
    let text = program.run(&["agree", "--unit", "char"]).ok();
    assert!(text.contains("every character") && text.contains("乙 – 甲\t") && text.lines().nth(2).unwrap().ends_with("uα"), "{text}");
}

#[test]
fn agreement_between_two_stores_and_undefined_kappa() {
    let program = TestProgram::with_speech();
    tag_as(&program, "甲", "一", "思想");
    let mine = program.run(&["export", "--format", "json"]).ok();
    program.write("mine.json", mine);
    program.write("other/.keep", "");
    program.run(&["--store", "other", "import", "mine.json"]).ok();
    let whole = "全文";
    for store in [&[] as &[&str], &["--store", "other"]] {
        for place in [
            ["--span", "0:3"],
            ["--section", "一"],
            ["--section", "一/一是"],
            ["--section", "一/二是"],
            ["--section", "二"],
            ["--section", "二/（一）"],
            ["--section", "二/（二）"],
        ] {
            program.run(&[store, &["tag", "a.txt"], &place[..], &[whole]].concat()).ok();
        }
    }
    let found = program.run(&["agree", "--with", "other", "--format", "json"]).json();
    assert_eq!(found["coders"].as_array().unwrap().len(), 2);
    let tag_row = |tag: &str| found["tags"].as_array().unwrap().iter().find(|row| row["tag"] == tag).unwrap().clone();
    assert_eq!(
        (&tag_row(whole)["percent"], &tag_row(whole)["kappa"], &tag_row(whole)["alpha"]),
        (&json!(100.0), &Value::Null, &Value::Null)
    );
    assert_eq!((&tag_row("思想")["kappa"], &found["disagreements"]), (&json!(1.0), &json!([])));
    let text = program.run(&["agree", "--with", "other"]).ok();
    assert!(text.contains("全文\t7\t100.0%\tundefined\tundefined"), "{text}");
    let hans = program.set_env("LANG", "zh_CN.UTF-8");
    assert!(hans.run(&["agree", "--with", "other"]).ok().contains("无定义"));
}

#[test]
fn agree_reports_missing_coders() {
    let program = TestProgram::with_speech();
    tag_as(&program, "甲", "一", "思想");
    assert!(program.run(&["agree"]).error(2).contains("a comparison needs two coders (there are: 甲)"));
    assert!(program.run(&["agree", "--between", "甲,丙"]).error(2).contains("丙 has tagged nothing"));
    assert!(program.run(&["agree", "--with", "没有"]).error(2).contains("no such file"));
    // A coder with no annotation in a speech has not coded it, unless `--complete` is given.
    program.write("b.txt", SPEECH.replace("三十人", "二十人"));
    program.run(&["--author", "乙", "tag", "b.txt", "--section", "一", "思想"]).ok();
    assert_eq!(program.run(&["agree", "--format", "json"]).json()["overall"]["units"], 0);
    assert_eq!(program.run(&["agree", "--complete", "--format", "json"]).json()["overall"]["units"], 14);
}

/// Cases that users of other programs reported: there the annotation went to words that only look like its own.
#[test]
fn words_that_only_look_alike_are_not_taken() {
    let group = |name: &str| format!("{name}组报告说，新的水渠使全部田地的灌溉时间缩短了一成二，群众反映很好。\n\n");
    let speech = |body: &str| {
        format!("在全县水利会议上的讲话\n\n各位同志：\n\n今天听了两个组的报告，请大家带回去研究。\n\n{body}下面的工作要抓紧。\n")
    };
    let quote = "新的水渠使全部田地的灌溉时间缩短了一成二";
    let (first, second) = (group("甲"), group("乙"));
    let names = "李明和王强负责东渠，李明负责西渠，两人都要按时完成。\n\n";
    let both = format!("{first}{second}");
    let corrected = names.replace("李明负责西渠", "张华负责西渠");
    for (old, quote, nth, new, found) in [
        // Of two like paragraphs the annotated one is deleted, or written anew.
        (both.as_str(), quote, "1", second.as_str(), false),
        (&both, quote, "2", &first, false),
        (&both, quote, "1", &format!("甲组报告说，水渠还没有修通，要等到明年再看。\n\n{second}"), false),
        // A name is corrected that stands twice in its line.
        (names, "李明", "2", &corrected, false),
        (names, "李明", "2", &format!("{names}另外还有两件事。\n\n"), true),
    ] {
        let program = TestProgram::new();
        program.write("a.txt", speech(old));
        program.run(&["tag", "a.txt", "--quote", quote, "--nth", nth, "水利"]).ok();
        program.write("a.txt", speech(new));
        let entry = program.run(&["export", "a.txt", "--format", "json"]).json()["annotations"][0].clone();
        assert_eq!(entry["anchor"] == json!("orphaned"), !found, "{quote} {nth}: {entry}");
    }
}

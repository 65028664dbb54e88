//! Text that commands print: whatever a speech, a file, a tag, a note or an argument holds, nothing
//! that drives a terminal comes out, into a pipe and with colours too.

use crate::program;

use program::TestProgram;
use serde_json::Value;

/// A speech full of characters that drive terminals: escape sequences, C1 controls, backspaces,
/// bidirectional and zero-width characters.
const HOSTILE_SPEECH: &str = "\
在青禾\u{1B}[31m县\u{9B}2J人才\u{202E}工作会议上的讲话
（2024年5月6日）

同志们：
一、统一\u{1B}]0;PWN\u{7}思\u{9C}想
青禾县的人才\u{8}\u{7F}工作有了\u{200B}新的\u{2066}进步，全县引进了三十名急需的专业人才，建成了两个工作站，群众满意。
二、突出\u{90}重点\u{202D}
（一）抓\u{1B}c引进
要到外面去请人才\u{1B}[2J，\u{2068}\u{FEFF}要让人才留得住、用得好。
";

/// A name with the same kinds of characters.
const HOSTILE: &str = "人才\u{1B}[7m\u{7}\u{9D}\u{202E}";

/// The characters of `text` that must not be in it.
fn raw(text: &str, colour: bool) -> Vec<char> {
    let mut text = text.to_owned();
    if colour {
        for sgr in
            ["\u{1B}[0m", "\u{1B}[1m", "\u{1B}[2m", "\u{1B}[31m", "\u{1B}[32m", "\u{1B}[35m", "\u{1B}[33m", "\u{1B}[36m", "\u{1B}[1;31m"]
        {
            text = text.replace(sgr, "");
        }
    }
    let is_raw = |c: &char| match c {
        '\n' | '\t' => false,
        '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => true,
        c => c.is_control(),
    };
    text.chars().filter(is_raw).collect()
}

/// A folder with two copies of the hostile speech, one with a hostile name, tagged and annotated.
fn hostile_program() -> (TestProgram, String) {
    let program = TestProgram::new().set_env("USER", "李\u{1B}[5m工\u{202E}").set_env("TERM_PROGRAM", HOSTILE);
    let named = format!("讲话{HOSTILE}.txt");
    program.write("a.txt", HOSTILE_SPEECH);
    program.write(&named, HOSTILE_SPEECH.replace("会议上", "座谈会上"));
    // Names with control characters are refused, so an older store or another program made it.
    let tag = "人才\u{202E}\u{2066}";
    program.run(&["tags", "add", tag, "--definition", HOSTILE]).ok();
    for author in ["甲\u{1B}[1m\u{202E}", "乙\u{9B}1m"] {
        program.run(&["--author", author, "tag", "a.txt", "--section", "一、", tag]).ok();
        program.run(&["--author", author, "note", &named, "--section", "二、", HOSTILE]).ok();
        program.run(&["--author", author, "tag", &named, "--section", "一、", "作风"]).ok();
    }
    program.run(&["--author", "甲\u{1B}[1m\u{202E}", "tag", "a.txt", "--section", "二、", "作风"]).ok();
    (program, named)
}

/// Each command and subcommand is among these, except those that are tested by themselves.
fn assert_complete(commands: &[&[&str]]) {
    let is_tested = |path: &[&str]| {
        ["tags", "attr"].iter().any(|one| path == [*one, "export"]) || commands.iter().any(|command| command.starts_with(path))
    };
    for command in pizhu::harness::command().get_subcommands() {
        let name = command.get_name();
        assert!(is_tested(&[name]), "{name} is not tested");
        for below in command.get_subcommands() {
            assert!(is_tested(&[name, below.get_name()]), "{name} {} is not tested", below.get_name());
        }
    }
}

/// Before, eleven of these commands gave a pipe the characters as they were.
#[test]
#[allow(clippy::too_many_lines, reason = "a list of all commands, each with what it is tried on; `assert_complete` holds it")]
fn no_command_prints_control_characters_into_a_pipe() {
    let (program, named) = hostile_program();
    let import = serde_json::json!({"annotations": [
        {"document": format!("没有{HOSTILE}"), "quote": HOSTILE, "note": "记"},
        {"document": "a.txt", "quote": "工作会议", "tags": ["新\u{202E}签"]},
    ]})
    .to_string();
    program.write("in.json", import);
    let (folder, damaged) = (format!("组{HOSTILE}"), format!("坏{HOSTILE}.ron"));
    std::fs::create_dir(program.folder().join(&folder)).unwrap();
    program.write(&damaged, HOSTILE);
    program.write("attributes.csv", format!("document,备注\n\"没有{HOSTILE}\",甲\na.txt,\"乙{HOSTILE}\"\n"));
    program.write("tags.csv", "tag,definition\n\"甲\u{1B}[1m\u{202E}\",乙\u{9B}1m\n");
    program.write("later/b.txt", HOSTILE_SPEECH);
    program.run(&["tag", "later/b.txt", "--quote", "三十名急需的专业人才", "作风"]).ok();
    program.write("later/b.txt", HOSTILE_SPEECH.replace("三十名急需的", "\u{1B}[3m四十多名"));
    let commands: &[&[&str]] = &[
        &["outline", "a.txt"],
        &["outline", &named],
        &["text", "a.txt", &named, "--page"],
        &["schema"],
        &["schema", "outline"],
        &["read", "a.txt"],
        &["read", &named, "--page"],
        &["search", "人才", "."],
        &["search", "人", "a.txt", "--in", "title"],
        &["search", "人才", ".", "--in", "note"],
        &["search", "重点", ".", "--in", "heading"],
        &["suggest", &named],
        &["reuse", "."],
        &["count", "."],
        &["count", ".", "--format", "heat", "--turned"],
        &["count", ".", "--format", "bars", "--by", "together"],
        &["export", "."],
        &["export", ".", "--order", "tag"],
        &["export", ".", "--format", "markdown"],
        &["review", "."],
        &["review", ".", "--all"],
        &["history", "a.txt"],
        &["history", &named],
        &["agree", "."],
        &["agree", ".", "--disagreements"],
        &["done", "a.txt"],
        &["done", "--list", "."],
        &["report", "."],
        &["count", ".", "--format", "svg"],
        &["tags"],
        &["tags", "list"],
        &["memo", "tag", "作风", HOSTILE],
        &["memo", "project", HOSTILE],
        &["memo", "list"],
        &["attr", "set", "a.txt", "备\u{202E}注=值\u{1B}[1m\u{202E}"],
        &["attr"],
        &["attr", "list", "."],
        &["attr", "get", "."],
        &["attr", "type", "备\u{202E}注", "text"],
        &["attr", "import", "attributes.csv"],
        &["history", "a.txt"],
        &["attr", "unset", "a.txt", "备\u{202E}注"],
        &["basket", "add", &named, "--section", "一、", "--basket", "材\u{202E}料"],
        &["basket", "heading", HOSTILE],
        &["basket", "text", HOSTILE],
        &["basket", "move", "3", "1"],
        &["basket", "list"],
        &["basket", "export"],
        &["basket", "remove", "3"],
        &["basket", "rename", "料\u{202E}材"],
        &["basket", "delete", "料\u{202E}材"],
        &["section", "a.txt", "二、", "--no-heading"],
        &["section", "a.txt"],
        &["history", "a.txt"],
        &["section", "a.txt", "--reset"],
        &["doctor"],
        &["import", "in.json"],
        &["store", "part", &named],
        &["store", "join", &named, "a.txt"],
        &["store", "init", &folder],
        &["store", "init", &folder, "--git"],
        &["tag", "a.txt", "--section", "二、", "新\u{202E}签"],
        &["tag", &named, "--section", "二、", "新\u{202E}签"],
        &["untag", "a.txt", "--section", "二、", "新\u{202E}签"],
        &["note", &named, "--section", "二、", HOSTILE],
        &["tags", "add", "又\u{202E}一\u{2066}", "--definition", HOSTILE],
        &["tags", "rename", "又\u{202E}一\u{2066}", "再\u{202E}一"],
        &["tags", "move", "再\u{202E}一", "--parent", "人才\u{202E}\u{2066}"],
        &["tags", "edit", "再\u{202E}一", "--definition", HOSTILE],
        &["tags", "merge", "再\u{202E}一", "人才\u{202E}\u{2066}"],
        &["tags", "split", "人才\u{202E}\u{2066}"],
        &["tags", "delete", "新\u{202E}签"],
        &["tags", "restore", "新\u{202E}签"],
        &["tags", "import", "tags.csv"],
        &["basket", "add", &named, "--section", "一、"],
        &["basket", "heading", HOSTILE],
        &["basket", "text", HOSTILE],
        &["basket", "move", "2", "1"],
        &["basket", "rename", "素\u{202E}材"],
        &["basket", "list"],
        &["basket", "export"],
        &["basket", "remove", "1"],
        &["basket", "delete", "素\u{202E}材"],
        &["compare", "a.txt", &named],
        &["report", "."],
        &["done", "a.txt", &named],
        &["done", ".", "--list"],
        &["merge", &damaged, &damaged, &damaged],
        &["import", &damaged],
        &["tags", "import", &damaged],
        &["man"],
        &["completions", "bash"],
    ];
    assert_complete(commands);
    for command in commands {
        for colour in ["never", "always"] {
            let ran = program.run(&[&["--color", colour], *command].concat());
            // What the first run did, the second cannot do again.
            let may_fail = colour == "always" || command.contains(&damaged.as_str());
            assert!(ran.status < 2 || may_fail || command[0] == "store", "{command:?}: {}", ran.err);
            assert_eq!(raw(&ran.out, colour == "always"), Vec::<char>::new(), "{command:?} {colour}: {:?}", ran.out);
            assert_eq!(raw(&ran.err, false), Vec::<char>::new(), "{command:?}: {:?}", ran.err);
        }
    }
    // The signs are there, so the commands have printed the text.
    for command in [&["outline", "a.txt"][..], &["search", "人才", "."], &["reuse", "."], &["history", &named], &["export", "."]] {
        let out = program.run(command).ok();
        assert!(["␛", "<202E>", "<9B>"].iter().any(|sign| out.contains(sign)), "{command:?}: {out}");
    }
    // Each kind: CSI and OSC by escape and by C1, DEL, bidirectional and zero-width characters.
    let read = program.run(&["read", "a.txt"]).ok();
    for sign in ["␛[31m", "␛]0;PWN␇", "<9B>2J", "<9C>", "<90>", "␡", "␈", "<202E>", "<202D>", "<2066>", "<2068>"] {
        assert!(read.contains(sign), "{sign}: {read}");
    }
}

/// Errors of commands that write, and what they tell on the way.
#[test]
fn no_warning_prints_control_characters() {
    let (program, named) = hostile_program();
    let store = format!("库{HOSTILE}");
    program.run(&["--store", &store, "tag", "a.txt", "--section", "一、", "作风"]).ok();
    let codebook = program.folder().join(&store).join("codebook.ron");
    std::fs::write(&codebook, HOSTILE).unwrap();
    program.write(&format!("坏{HOSTILE}.docx"), "PK\u{3}\u{4} no archive");
    program.write(&format!("空{HOSTILE}.ron"), "");
    std::fs::remove_file(program.folder().join(&named)).unwrap();
    let mut told = 0;
    for arguments in [
        &["export"][..],
        &["export", "."],
        &["count", "."],
        &["search", "人才", "."],
        &["reuse", "."],
        &["suggest", "a.txt"],
        &["review", "."],
        &["agree"],
        &["--store", &store, "export", "--format", "csv"],
        &["--store", &store, "tags", "add", "甲"],
        &["--store", &store, "tags", "list"],
        &["--store", &store, "history", "a.txt"],
        &["import", &format!("空{HOSTILE}.ron"), "a.txt"],
        &["outline", &format!("坏{HOSTILE}.docx")],
    ] {
        let ran = program.run(arguments);
        assert_eq!(raw(&ran.err, false), Vec::<char>::new(), "{arguments:?}: {:?}", ran.err);
        told += usize::from(ran.err.contains('␛'));
    }
    assert!(told > 6, "{told}");
}

/// Programs get the characters themselves, in the format's own way of writing them.
#[test]
fn formats_for_programs_keep_all_characters() {
    let (program, named) = hostile_program();
    let outline = program.run(&["outline", "a.txt", "--format", "json"]);
    assert!(!outline.out.trim_end().contains(|c: char| c < ' '), "{}", outline.out);
    let outline: Value = outline.json();
    assert_eq!(outline["sections"][0]["title"], "统一\u{1B}]0;PWN\u{7}思\u{9C}想");
    // What JSON, RON, XML and HTML escape or cannot hold does not come out as it is.
    for format in ["json", "jsonl", "ron", "web-annotation", "html", "qdc"] {
        let exported = program.run(&["export", ".", "--format", format]).ok();
        let raw: Vec<char> = exported.chars().filter(|c| *c < ' ' && !"\n\t".contains(*c)).collect();
        assert!(raw.is_empty(), "{format}: {raw:?}");
    }
    let exported = program.run(&["export", &named, "--format", "json"]).json();
    assert!(exported["annotations"].as_array().unwrap().iter().any(|one| one["note"] == HOSTILE), "{exported}");
}

/// Before, an unknown option and a wrong value were printed as they were given.
#[test]
fn errors_show_control_characters_in_arguments_as_signs() {
    let program = TestProgram::with_speech();
    let option = format!("--x\u{1B}]0;PWN\u{7}{HOSTILE}.txt");
    let value = format!("--format={HOSTILE}\n");
    for arguments in [
        &["outline", "a.txt", &option][..],
        &["outline", "a.txt", &value],
        &["outline", "a.txt", "--encoding", HOSTILE],
        &["search", "x", "a.txt", "--since", HOSTILE],
        &["tags", "add", "x", "--color", HOSTILE],
        &["note", "a.txt", "--id", HOSTILE, "x"],
        &["outline", HOSTILE],
        &["tag", "a.txt", "--section", HOSTILE, "x"],
        &["tag", "a.txt", "--quote", HOSTILE, "x"],
        &["tag", "a.txt", "--span", HOSTILE, "x"],
        &["tag", "a.txt", "--section", "一、", HOSTILE],
        &["search", &format!("({HOSTILE}"), "a.txt", "--mode", "regex"],
        &["history", "a.txt", "--restore", HOSTILE],
        &["man", &format!("no/{HOSTILE}")],
        &["export", "a.txt", "-o", &format!("no/{HOSTILE}.md")],
        &["merge", HOSTILE, HOSTILE, HOSTILE],
        &["agree", "a.txt", "--between", HOSTILE],
        &["store", "init", HOSTILE],
    ] {
        let ran = program.run(arguments);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{arguments:?}: {}", ran.err);
        assert_eq!(raw(&ran.err, false), Vec::<char>::new(), "{arguments:?}: {:?}", ran.err);
        assert!(ran.err.contains("␛") || arguments[0] == "search", "{arguments:?}: {:?}", ran.err);
    }
}

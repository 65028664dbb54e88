//! Errors: one line on standard error that names the file and a remedy, exit status 2. Also closed
//! pipes.

use crate::program;

use program::{SPEECH, TestProgram};
use std::{io::Read as _, process::Stdio};

#[test]
fn unreadable_files_are_reported() {
    let program = TestProgram::with_speech();
    program.write("b.pdf", b"%PDF-1.7\n");
    program.write("c.bin", b"\x00\x01\x02\x03\x04\x05\x00\xFF\xFE\x00");
    program.write("none/readme.rtfd", "");
    for (arguments, words) in [
        (&["outline", "nowhere.txt"][..], "nowhere.txt: there is no such file"),
        (&["read", "."], ".: this is a folder; name a file in it"),
        (&["outline", "b.pdf"], "b.pdf: this is a PDF document, not text; convert it first: pdftotext b.pdf"),
        (&["outline", "c.bin"], "c.bin: this is not text; if it is, give its encoding with --encoding"),
        (&["search", "x", "none"], "none: no speeches here"),
        (&["tag", "-", "--span", "0:1", "x"], "standard input cannot be annotated"),
    ] {
        let error = program.run(arguments).error(2);
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(program.run(&["outline", "c.bin", "--encoding", "gb18030"]).status, 0);
}

#[test]
fn errors_are_localized() {
    for (language, words) in [("zh_CN.UTF-8", "没有这个文件"), ("zh_TW.UTF-8", "沒有這個檔案"), ("C", "no such file")] {
        let error = TestProgram::new().set_env("LC_ALL", language).run(&["outline", "x.txt"]).error(2);
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn language_setting_overrides_the_environment() {
    let languages = [
        ("en", "there is no such file", "Show the section trees of speeches", "1 created", "Terminal", "there is no setting x"),
        ("zh-Hans", "没有这个文件", "显示讲话的提纲", "新建 1 条", "终端", "没有 x 这一项"),
        ("zh-Hant", "沒有這個檔案", "顯示講話的提綱", "新建 1 條", "終端機", "沒有 x 這一項"),
    ];
    let input = r#"{"annotations": [{"document": "a.txt", "quote": "要到外面去请人才", "note": "记"}]}"#;
    for (environment, _, _, _, _, _) in languages {
        for (language, missing, outline, created, terminal, unknown) in languages {
            let program = TestProgram::with_speech().set_env("LC_ALL", environment);
            program.write("../config/pizhu/settings.ron", format!("(language: \"{language}\")"));
            let error = program.run(&["outline", "x.txt"]).error(2);
            assert!(error.contains(missing), "{language} in {environment}: {error}");
            for arguments in [&["--help"][..], &["-h"], &["outline", "--help"]] {
                let help = program.run(arguments).ok();
                assert!(help.contains(outline), "{language} in {environment}: {help}");
            }
            let report = program.run_with_stdin(&["import", "-", "a.txt"], input).ok();
            assert!(report.starts_with(created), "{language} in {environment}: {report}");
            let report = program.run(&["doctor"]).ok();
            assert!(report.contains(terminal), "{language} in {environment}: {report}");
            // Warnings about the settings file also use the language it sets.
            program.write("../config/pizhu/settings.ron", format!("(language: \"{language}\", x: 1)"));
            let message = program.run(&["outline", "a.txt"]).err;
            assert!(message.contains(unknown) && message.lines().count() == 1, "{language} in {environment}: {message}");
        }
    }
    // Without a usable language setting, the environment decides.
    let program = TestProgram::with_speech().set_env("LC_ALL", "zh_CN.UTF-8");
    for settings in ["()", "(language: \"auto\")", "(language: \"fr\")"] {
        program.write("../config/pizhu/settings.ron", settings);
        assert!(program.run(&["outline", "x.txt"]).error(2).contains("没有这个文件"), "{settings}");
    }
    program.write("../config/pizhu/settings.ron", "(\nlanguage: en)");
    let message = program.run(&["outline", "x.txt"]).err;
    assert!(message.contains("第 2 行") && message.contains("没有这个文件") && message.lines().count() == 2, "{message}");
}

#[test]
fn ambiguous_or_missing_addresses_are_rejected() {
    let program = TestProgram::new();
    program.write("a.txt", SPEECH.replace("（二）抓使用", "（一）抓使用"));
    let tag = |place: &[&str]| program.run(&[&["tag", "a.txt"], place, &["人才工作"]].concat());
    let error = tag(&["--quote", "人才"]).error(2);
    assert!(error.contains("occurs 4 times") && error.contains("#3 line"), "{error}");
    assert!(tag(&["--quote", "人才", "--nth", "9"]).error(2).contains("only 4 times"));
    assert!(tag(&["--quote", "火星"]).error(2).contains("is not in the text"));
    assert!(tag(&["--section", "三、"]).error(2).contains("no section 三、"));
    for span in ["5:5", "7:3", "0:99999", "x:1", "5"] {
        assert!(tag(&["--span", span]).error(2).contains("not a span of this text"), "{span}");
    }
    assert!(tag(&[]).error(2).contains("no position given"));
    assert!(program.run(&["untag", "a.txt", "--section", "一、"]).error(2).contains("no such annotation"));
    assert_eq!(program.run(&["tag", "a.txt", "--section", "一", "--span", "0:1", "x"]).status, 2, "two places");
}

#[test]
fn ambiguous_section_path_lists_the_matches() {
    let program = TestProgram::new();
    program.write("a.txt", "讲话\n\n一、甲题目\n一是甲。二是乙。\n中间还有一段话。\n一是丙。二是丁。\n二、乙题目\n正文。\n");
    let error = program.run(&["tag", "a.txt", "--section", "一/一是", "x"]).error(2);
    assert!(error.contains("一、/一是#1") && error.contains("一、/一是#2"), "{error}");
    program.run(&["tag", "a.txt", "--section", "一/一是#2", "x"]).ok();
}

#[test]
fn unwritable_store_or_output_is_reported() {
    let program = TestProgram::with_speech();
    program.write("plain", "a file where a folder is wanted");
    let error = program.run(&["--store", "plain/store", "tag", "a.txt", "--section", "一、", "x"]).error(2);
    assert!(error.contains("plain") && error.contains("store"), "{error}");
    program.write("out.json", "mine");
    assert!(program.run(&["export", "a.txt", "-o", "out.json", "--format", "json"]).error(2).contains("--force"));
    assert_eq!(program.read("out.json"), "mine");
    assert!(program.run(&["export", "a.txt", "-o", "no/such/folder.md"]).error(2).contains("no/such/folder.md"));
}

#[test]
fn reader_requires_a_terminal() {
    let program = TestProgram::with_speech();
    for arguments in [&[][..], &["a.txt"], &["."]] {
        let error = program.run(arguments).error(2);
        assert!(error.contains("terminal"), "{error}");
    }
}

#[test]
fn usage_errors_exit_with_status_2() {
    let program = TestProgram::with_speech();
    for arguments in [
        &["outline"][..],
        &["outline", "a.txt", "--format", "xml"],
        &["search"],
        &["search", "(", "a.txt", "--mode", "regex"],
        &["search", "", "a.txt"],
        &["export", "--format", "word-perfect"],
        &["outline", "a.txt", "--encoding", "klingon"],
        &["read", "a.txt", "--width", "0"],
        &["note", "a.txt", "--section", "一、", "  "],
        &["note", "a.txt", "--id", "not-an-id", "x"],
        &["export", "--since", "yesterday"],
    ] {
        let ran = program.run(arguments);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.err.is_empty() && !ran.err.contains("panicked"));
    }
}

#[test]
fn closed_pipe_ends_the_program_quietly() {
    let program = TestProgram::new();
    program.write("long.txt", "青禾县的干部要到村里去，听听群众怎么说。\n".repeat(3_000));
    for arguments in [&["read", "long.txt"][..], &["search", "干部", "long.txt"]] {
        let mut child = program.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0; 16];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{arguments:?}");
    }
}

#[test]
fn piped_output_has_no_escape_sequences() {
    let program = TestProgram::with_speech();
    for arguments in [&["outline", "a.txt"][..], &["search", "人才", "a.txt"], &["tags"]] {
        assert!(!program.run(arguments).ok().contains('\u{1B}'));
        assert!(program.run(&[arguments, &["--color", "always"]].concat()).ok().contains('\u{1B}'));
    }
}

//! Shell completions and manual pages.

use crate::program;

use program::TestProgram;
use std::process::Command;

/// The completions bash offers for the last of `words`, as it lists them.
fn bash_completions(program: &TestProgram, words: &[&str]) -> Vec<String> {
    let typed = words.join(" ");
    let script = format!(
        "source <(pizhu completions bash); COMP_LINE='{typed}'; COMP_POINT=${{#COMP_LINE}}; COMP_TYPE=37; _pizhu pizhu '{}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.last().unwrap()
    );
    let bin = program::binary().parent().unwrap().display().to_string();
    let like = program.command(&[]);
    let mut bash = Command::new("bash");
    bash.args(["-c", &script]).current_dir(program.folder());
    bash.envs(like.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("PATH", format!("{bin}:/usr/bin:/bin"));
    let output = bash.output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
}

#[test]
fn bash_completes_tags_and_sections() {
    if Command::new("bash").arg("--version").output().is_err() {
        println!("skipped: bash is not installed");
        return;
    }
    let program = TestProgram::with_speech();
    program.run(&["tags", "add", "引才 育才", "--definition", "请人"]).ok();
    assert_eq!(bash_completions(&program, &["pizhu", "outl"]), ["outline"]);
    assert_eq!(bash_completions(&program, &["pizhu", "tag", "a.txt", "--section", "二、/"]), ["二、/（一）", "二、/（二）"]);
    assert_eq!(bash_completions(&program, &["pizhu", "tag", "a.txt", "--section", "一、", "引"]), ["引才\\ 育才"]);
    assert!(bash_completions(&program, &["pizhu", "export", "--tag", "人才"]).contains(&"人才工作".to_owned()));
    assert!(bash_completions(&program, &["pizhu", "export", "--format", "web"]).contains(&"web-annotation".to_owned()));
    assert_eq!(bash_completions(&program, &["pizhu", "outline", "a."]), ["a.txt"]);
}

#[test]
fn each_shell_has_a_completion_script() {
    let program = TestProgram::new();
    for (shell, sign) in [
        ("bash", "complete -o nospace"),
        ("zsh", "#compdef pizhu"),
        ("fish", "complete --command pizhu"),
        ("elvish", "edit:"),
        ("powershell", "Register-"),
    ] {
        let script = program.run(&["completions", shell]).ok();
        assert!(script.contains(sign) && script.contains("PIZHU_COMPLETE"), "{script}");
    }
}

#[test]
fn each_command_has_a_manual_page() {
    let program = TestProgram::new();
    assert!(program.run(&["man"]).ok().contains(".TH pizhu 1"));
    std::fs::create_dir(program.folder().join("pages")).unwrap();
    program.run(&["man", "pages"]).ok();
    let page = program.read("pages/pizhu-export.1");
    assert!(page.contains("web\\-annotation") && page.contains("\\-\\-force"), "{page}");
    for command in pizhu::harness::command().get_subcommands() {
        assert!(program.read(&format!("pages/pizhu-{}.1", command.get_name())).starts_with(".ie"), "{}", command.get_name());
    }
    assert!(program.run(&["man", "none/pages"]).error(2).contains("none/pages"));
}

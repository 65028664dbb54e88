//! `pizhu schema`, held against what the commands write.

use crate::program;

use program::{SPEECH, TestProgram};
use serde_json::{Value, json};

/// Checks a value against a schema that uses the keywords of `pizhu schema`. A field that the schema
/// does not name is an error: it must name all that a command writes.
fn check(value: &Value, schema: &Value, root: &Value) -> Result<(), String> {
    const KNOWN: [&str; 14] = [
        "$schema",
        "$defs",
        "$ref",
        "title",
        "description",
        "type",
        "properties",
        "required",
        "items",
        "enum",
        "minimum",
        "anyOf",
        "version",
        "additionalProperties",
    ];
    let rules = schema.as_object().ok_or("a schema is an object")?;
    if let Some(unknown) = rules.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(format!("the checker does not know {unknown}"));
    }
    if let Some(reference) = rules.get("$ref") {
        let name = reference.as_str().and_then(|text| text.strip_prefix("#/$defs/")).ok_or("a reference inside the schema")?;
        return check(value, root["$defs"].get(name).ok_or_else(|| format!("no definition {name}"))?, root);
    }
    if let Some(alternatives) = rules.get("anyOf").and_then(Value::as_array) {
        let failed: Vec<String> = alternatives.iter().filter_map(|one| check(value, one, root).err()).collect();
        return if failed.len() < alternatives.len() { Ok(()) } else { Err(failed.join(" / ")) };
    }
    if let Some(words) = rules.get("enum").and_then(Value::as_array)
        && !words.contains(value)
    {
        return Err(format!("{value} is none of {words:?}"));
    }
    if let Some(kinds) = rules.get("type") {
        let is_kind = |kind: &Value| match kind.as_str() {
            Some("string") => value.is_string(),
            Some("integer") => value.is_u64() || value.is_i64(),
            Some("number") => value.is_number(),
            Some("boolean") => value.is_boolean(),
            Some("array") => value.is_array(),
            Some("object") => value.is_object(),
            Some("null") => value.is_null(),
            _ => false,
        };
        if !kinds.as_array().map_or_else(|| is_kind(kinds), |kinds| kinds.iter().any(is_kind)) {
            return Err(format!("{value} is not {kinds}"));
        }
    }
    if let (Some(minimum), Some(number)) = (rules.get("minimum").and_then(Value::as_f64), value.as_f64())
        && number < minimum
    {
        return Err(format!("{number} is below {minimum}"));
    }
    if let (Some(items), Some(list)) = (rules.get("items"), value.as_array()) {
        list.iter().try_for_each(|item| check(item, items, root))?;
    }
    if let (Some(each), Some(fields)) = (rules.get("additionalProperties"), value.as_object()) {
        fields.values().try_for_each(|field| check(field, each, root))?;
    }
    if let (Some(properties), Some(fields)) = (rules.get("properties"), value.as_object()) {
        let required = rules["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        if let Some(missing) = required.into_iter().find(|name| !fields.contains_key(*name)) {
            return Err(format!("{missing} is missing in {value}"));
        }
        for (name, field) in fields {
            let schema = properties.get(name).ok_or_else(|| format!("{name} is not in the schema: {value}"))?;
            check(field, schema, root).map_err(|error| format!("{name}: {error}"))?;
        }
    }
    Ok(())
}

fn schema(program: &TestProgram, name: &str) -> Value {
    let schema = program.run(&["schema", name]).json();
    assert_eq!((&schema["$schema"], &schema["title"]), (&json!("https://json-schema.org/draft/2020-12/schema"), &json!(name)));
    schema
}

/// Speeches, one damaged so that a title is restored; annotations of every anchor; something that is
/// no speech.
fn library() -> TestProgram {
    let program = TestProgram::new();
    program.run(&["store", "init", "."]);
    program.write("a.txt", format!("首页 | 导航\n{SPEECH}三、抓落实\n1. 早部署\n要快。\n2. 早行动\n要早。\n"));
    program.write("b.txt", SPEECH.replace("青禾县", "临江市"));
    program.write("c.txt", b"%PDF-1.4\n\x00\x01");
    program.run(&["tag", "a.txt", "--section", "二、/（一）", "人才工作"]).ok();
    program.run(&["note", "a.txt", "--quote", "平台建起来了", "问一下"]).ok();
    program.run(&["tag", "b.txt", "--quote", "全县引进三十人", "人才工作"]).ok();
    program.run(&["tag", "b.txt", "--quote", "要到外面去请人才", "人才工作"]).ok();
    let edited =
        SPEECH.replace("青禾县", "临江市").replace("全县引进三十人", "请来了一大批").replace("要到外面去请人才", "要到外面去请更多人才");
    program.write("b.txt", edited);
    program
}

#[test]
fn output_is_as_the_schemas_say() {
    let program = library();
    let listed = program.run(&["schema"]).ok();
    let mut checked = std::collections::BTreeSet::from(["input".to_owned()]);
    let error = schema(&program, "error");
    program.run(&["memo", "project", "问谁"]).ok();
    program.run(&["memo", "tag", "人才工作", "问一问"]).ok();
    // It is of the store as a whole, and reads no speech.
    for (name, shape) in [("memo", "jsonl"), ("memo-report", "json")] {
        let schema = schema(&program, name);
        let written = program.run(&["memo", "list", "--format", shape]).ok();
        let values: Vec<Value> = serde_json::Deserializer::from_str(&written).into_iter().collect::<Result<_, _>>().unwrap();
        assert_eq!(values.len(), if shape == "json" { 1 } else { 3 });
        for value in &values {
            check(value, &schema, &schema).unwrap();
        }
        checked.insert(name.to_owned());
    }
    let commands: [&[&str]; 7] = [
        &["outline", "."],
        &["text", "."],
        &["search", "人才", "."],
        &["search", "问", ".", "--in", "note"],
        &["suggest", "."],
        &["export", "."],
        &["review", ".", "--all"],
    ];
    for command in commands {
        let records = schema(&program, command[0]);
        let run = program.run(&[command, &["--format", "jsonl"]].concat());
        let (mut good, mut failed) = (0, 0);
        for line in run.out.lines() {
            let record: Value = serde_json::from_str(line).unwrap();
            let (schema, count) = if record.get("error").is_some() { (&error, &mut failed) } else { (&records, &mut good) };
            check(&record, schema, schema).unwrap_or_else(|error| panic!("{command:?}: {error}"));
            *count += 1;
        }
        assert!(good > 0 && failed == 1, "{command:?}: {good} records, {failed} errors");
        let name = format!("{}-report", command[0]);
        let report = schema(&program, &name);
        let one: Vec<&str> = command.iter().map(|word| if *word == "." { "a.txt" } else { word }).collect();
        for arguments in [command, one.as_slice()] {
            let run = program.run(&[arguments, &["--format", "json"]].concat());
            let document: Value = serde_json::from_str(&run.out).unwrap();
            check(&document, &report, &report).unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
        }
        checked.extend([command[0].to_owned(), name]);
    }
    for (name, format) in [("compare", "jsonl"), ("compare-report", "json")] {
        let schema = schema(&program, name);
        let run = program.run(&["compare", "a.txt", "b.txt", "--format", format]).ok();
        for line in run.lines() {
            check(&serde_json::from_str(line).unwrap(), &schema, &schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        checked.insert(name.to_owned());
    }
    checked.insert("error".to_owned());
    checked.extend(check_reports(&program));
    assert_eq!(listed.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>(), checked);
    // Records that came as text, and lines that are none.
    let input = format!("{}\n[]\n{{\"id\":[1],\"text\":3}}\n", json!({ "id": { "a": 1 }, "text": SPEECH }));
    for command in [&["outline"] as &[&str], &["text"], &["search", "人才"], &["suggest"]] {
        let records = schema(&program, command[0]);
        let run = program.run_with_stdin(&[command, &["--input", "jsonl", "--format", "jsonl"]].concat(), &input);
        for line in run.out.lines() {
            let record: Value = serde_json::from_str(line).unwrap();
            let schema = if record.get("error").is_some() { &error } else { &records };
            check(&record, schema, schema).unwrap_or_else(|error| panic!("{command:?}: {error}"));
        }
    }
    assert!(program.run(&["schema", "nothing"]).error(2).contains("outline-report"));
}

/// Checks what commands write of the store, in all their shapes; returns the names of the schemas.
fn check_reports(program: &TestProgram) -> Vec<String> {
    let quote = ["--quote", "平台建起来了"];
    program.write("books.csv", "tag,description\n新标签,定义\n人才工作,另一个定义\n");
    program.write("table.csv", "document,place,人数\na.txt,如皋,30\n没有.txt,南通,\n");
    program.write(
        "in.json",
        r#"[{"document":"a.txt","quote":"要快","tags":["新标签二"]},{"document":"a.txt","quote":"没有这样的话","tags":["新标签二"]},{"document":"x.txt","quote":"无","tags":["甲"]}]"#,
    );
    program.run(&["attr", "set", "a.txt", "place=南通"]).ok();
    program.run(&["done", "a.txt", "--author", "甲"]).ok();
    program.run(&["section", "a.txt", "二、/（一）", "--promote"]).ok();
    for author in ["甲", "乙"] {
        program.run(&["tag", "b.txt", "--author", author, "--section", "一、", "人才工作"]).ok();
    }
    program.run(&["tag", "a.txt", "--author", "甲", "--section", "一、", "人才工作"]).ok();
    program.run(&["tag", "a.txt", "--author", "乙", "--quote", "要早", "人才工作"]).ok();
    let commands: Vec<(&str, Vec<&str>)> = vec![
        ("tag-report", [&["tag", "a.txt", "人才工作"][..], &quote].concat()),
        ("note-report", [&["note", "a.txt", "再问"][..], &quote].concat()),
        ("untag-report", [&["untag", "a.txt"][..], &quote].concat()),
        ("tags-import-report", vec!["tags", "import", "books.csv"]),
        ("tags-report", vec!["tags"]),
        ("tags-report", vec!["tags", "list"]),
        ("attr-import-report", vec!["attr", "import", "table.csv", "."]),
        ("attr-report", vec!["attr", "list", "a.txt"]),
        ("attr-get-report", vec!["attr", "get", "a.txt", "b.txt"]),
        ("section-report", vec!["section", "a.txt"]),
        ("basket-report", vec!["basket", "--format", "json", "add", "a.txt", "--section", "一、"]),
        ("basket-report", vec!["basket", "list"]),
        ("count-report", vec!["count", "a.txt", "b.txt", "--by", "year"]),
        ("count-report", vec!["count", "a.txt", "b.txt", "--by", "speech", "--percent", "rows"]),
        ("count-report", vec!["count", "a.txt", "b.txt", "--by", "level", "--unit", "chars"]),
        ("count-report", vec!["count", "a.txt", "b.txt", "--by", "together"]),
        ("count-report", vec!["count", "a.txt", "b.txt", "--by", "attr.place"]),
        ("reuse-report", vec!["reuse", "a.txt", "b.txt"]),
        ("import-report", vec!["import", "in.json", "."]),
        ("history-report", vec!["history", "a.txt"]),
        ("agree-report", vec!["agree"]),
        ("agree-report", vec!["agree", "--unit", "char"]),
        ("agree-report", vec!["agree", "--disagreements"]),
        ("done-report", vec!["done", "a.txt", "b.txt", "--list"]),
        ("store-init-report", vec!["store", "init", "."]),
        ("doctor-report", vec!["doctor"]),
        ("history-report", vec!["history", "a.txt", "--restore", "1"]),
        ("review-report", vec!["review", "b.txt", "--refuse"]),
    ];
    for (name, command) in &commands {
        let schema = schema(program, name);
        let format: &[&str] = if command.contains(&"--format") { &[] } else { &["--format", "json"] };
        let run = program.run(&[command.as_slice(), format].concat());
        let document: Value =
            serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{command:?}: {error}: {} {}", run.out, run.err));
        check(&document, &schema, &schema).unwrap_or_else(|error| panic!("{command:?}: {error}"));
    }
    commands.into_iter().map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn schema_checker_reports_each_violation() {
    let program = TestProgram::new();
    let schema = schema(&program, "outline-report");
    let fields = ["subtitle", "speaker", "office", "occasion", "place", "number", "addressees", "signature"];
    let front: Value = fields.into_iter().map(|name| (name.to_owned(), Value::Null)).collect::<serde_json::Map<_, _>>().into();
    let good = json!({ "version": 1, "title": null, "date": null, "front": front, "boilerplate": [], "sections": [] });
    assert_eq!(check(&good, &schema, &schema), Ok(()));
    for (field, value) in [("title", json!(1)), ("sections", json!([{}])), ("more", json!(1)), ("boilerplate", json!([1]))] {
        let mut wrong = good.clone();
        wrong[field] = value;
        assert!(check(&wrong, &schema, &schema).is_err(), "{field}");
    }
}

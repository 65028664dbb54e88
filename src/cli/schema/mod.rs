//! `pizhu schema`: JSON Schemas of what the commands write and read.
//!
//! Later releases may add fields; a program that reads the output ignores those it does not know.

mod field;
mod reports;
mod table;

use super::{CliContext, CliError, Status};
use clap::Args;
use field::object;
use reports::{REPORT_DEFINITIONS, REPORTS};
use serde_json::{Map, Value};
use std::io::{self, Write as _};
use table::{DEFINITIONS, SCHEMAS, Schema};

/// The dialect of the schemas.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// `pizhu schema`
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// The name: a command for its records (`--format jsonl`), with `-report` for its JSON; without
    /// one, the names.
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

pub(super) fn run(context: &mut CliContext, args: &SchemaArgs) -> Result<Status, CliError> {
    let Some(name) = &args.name else {
        for schema in schemas() {
            writeln!(context.out, "{}", schema.name)?;
        }
        return Ok(Status::Done);
    };
    let Some(found) = schemas().find(|schema| schema.name == name) else {
        let names: Vec<&str> = schemas().map(|schema| schema.name).collect();
        return Err(CliError::NoSchema(name.clone(), names.join(", ")));
    };
    serde_json::to_writer_pretty(&mut context.out, &document(found)).map_err(io::Error::from)?;
    writeln!(context.out)?;
    Ok(Status::Done)
}

/// All schemas, in the order they are listed.
fn schemas() -> impl Iterator<Item = &'static Schema> {
    SCHEMAS.iter().chain(REPORTS)
}

/// The whole schema.
fn document(schema: &Schema) -> Value {
    let mut alternatives: Vec<Map<String, Value>> = schema.alternatives.iter().map(|fields| object(fields)).collect();
    let mut document = match alternatives.pop() {
        Some(only) if alternatives.is_empty() => only,
        last => {
            alternatives.extend(last);
            Map::from_iter([("anyOf".to_owned(), alternatives.into())])
        }
    };
    document.insert("$schema".to_owned(), DIALECT.into());
    document.insert("title".to_owned(), schema.name.into());
    document.insert("description".to_owned(), schema.about.into());
    // Those that it refers to, with those that they refer to.
    let mut used = Map::new();
    loop {
        let text = Value::from(document.clone()).to_string() + &Value::from(used.clone()).to_string();
        let missing = DEFINITIONS
            .iter()
            .chain(REPORT_DEFINITIONS)
            .filter(|(name, _)| !used.contains_key(*name) && text.contains(&format!("#/$defs/{name}\"")));
        let missing: Vec<(String, Value)> = missing.map(|(name, fields)| ((*name).to_owned(), object(fields).into())).collect();
        if missing.is_empty() {
            break;
        }
        used.extend(missing);
    }
    if !used.is_empty() {
        document.insert("$defs".to_owned(), used.into());
    }
    document.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every command that writes JSON has a schema of it; `tags list` is what `tags` does.
    #[test]
    fn every_json_output_has_a_schema() {
        fn look(command: &clap::Command, path: &str, found: &mut usize) {
            let values = |arg: &clap::Arg| arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect::<Vec<_>>();
            // That of the program itself is for its subcommands.
            for format in command.get_arguments().filter(|arg| arg.get_long() == Some("format") && !path.is_empty()) {
                let (values, name) = (values(format), path.trim_end_matches("-list"));
                for (format, schema) in [("json", format!("{name}-report")), ("jsonl", name.to_owned())] {
                    if values.iter().any(|value| value == format) {
                        assert!(schemas().any(|known| known.name == schema), "{path} --format {format}: no schema {schema}");
                        *found += 1;
                    }
                }
            }
            for inner in command.get_subcommands() {
                let path = if path.is_empty() { inner.get_name().to_owned() } else { format!("{path}-{}", inner.get_name()) };
                look(inner, &path, found);
            }
        }
        let mut command = super::super::command();
        command.build();
        let mut found = 0;
        look(&command, "", &mut found);
        assert!(found > 30, "{found}");
    }

    #[test]
    fn names_are_unique_and_every_definition_is_used() {
        let mut names: Vec<&str> = schemas().map(|schema| schema.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), schemas().count());
        let all: String = schemas().map(|schema| document(schema).to_string()).collect();
        for (name, _) in DEFINITIONS.iter().chain(REPORT_DEFINITIONS) {
            assert!(all.contains(&format!("\"{name}\":{{")), "{name}");
        }
    }
}

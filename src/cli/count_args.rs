//! Values of the options of `pizhu count`.

use clap::{
    Arg, Command, ValueEnum,
    builder::{PossibleValue, TypedValueParser},
    error::{ContextKind, ContextValue, ErrorKind},
};
use pizhu_annotation::attribute::is_attribute_key;
use pizhu_library::count::CountBy;
use pizhu_library::count_options::{CountUnit, Togetherness};
use pizhu_library::picture::PictureKind;
use std::ffi::OsStr;

/// What tags are counted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByArg {
    /// The columns, if no attribute is given.
    pub(super) by: CountBy,
    /// The attribute whose values are the columns.
    pub(super) attribute: Option<String>,
}

impl ByArg {
    /// As it is written on the command line.
    pub(super) fn name(&self) -> String {
        self.attribute.as_ref().map_or_else(|| self.by.name().to_owned(), |key| format!("attr.{key}"))
    }

    /// Whether tags are counted by tags.
    pub(super) fn is_together(&self) -> bool {
        self.attribute.is_none() && self.by == CountBy::Cooccurrence
    }
}

/// Parses what tags are counted by: `speech`, `year`, `level`, `together`, `attr.KEY`.
#[derive(Debug, Clone, Copy)]
pub(super) struct ByParser;

impl TypedValueParser for ByParser {
    type Value = ByArg;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<ByArg, clap::Error> {
        let value = value.to_string_lossy();
        if let Some(by) = CountBy::ALL.into_iter().find(|by| by.name() == value) {
            return Ok(ByArg { by, attribute: None });
        }
        if let Some(key) = value.strip_prefix("attr.").filter(|key| is_attribute_key(key)) {
            return Ok(ByArg { by: CountBy::Level, attribute: Some(key.to_owned()) });
        }
        let mut error = clap::Error::new(ErrorKind::InvalidValue).with_cmd(command);
        if let Some(arg) = arg {
            error.insert(ContextKind::InvalidArg, ContextValue::String(arg.to_string()));
        }
        error.insert(ContextKind::InvalidValue, ContextValue::String(value.into_owned()));
        let valid = CountBy::ALL.into_iter().map(|by| by.name().to_owned()).chain(["attr.KEY".to_owned()]);
        error.insert(ContextKind::ValidValue, ContextValue::Strings(valid.collect()));
        Err(error)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(CountBy::ALL.into_iter().map(|by| PossibleValue::new(by.name()))))
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum UnitArg {
    /// Annotations.
    Passages,
    /// The characters that they cover.
    Chars,
}

impl From<UnitArg> for CountUnit {
    fn from(unit: UnitArg) -> Self {
        match unit {
            UnitArg::Passages => Self::Passages,
            UnitArg::Chars => Self::Chars,
        }
    }
}

/// What a share is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PercentArg {
    /// The total of the row.
    Rows,
    /// The total of the column.
    Columns,
}

/// The form of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PictureArg {
    /// Cells, the darker the larger the figure.
    Heat,
    /// A bar for each row's total.
    Bars,
    /// For each tag a bar a year.
    Years,
}

impl From<PictureArg> for PictureKind {
    fn from(picture: PictureArg) -> Self {
        match picture {
            PictureArg::Heat => Self::Heat,
            PictureArg::Bars => Self::Bars,
            PictureArg::Years => Self::Years,
        }
    }
}

/// Parses when tags are together: `overlap`, `section`, `near:N`.
pub(super) fn parse_together(text: &str) -> Result<Togetherness, String> {
    match text.split_once(':') {
        None if text == "overlap" => Ok(Togetherness::Overlap),
        None if text == "section" => Ok(Togetherness::Section),
        Some(("near", chars)) => chars.parse().map(Togetherness::Near).map_err(|_| "near:N needs a number of characters".to_owned()),
        _ => Err("write overlap, section or near:N".to_owned()),
    }
}

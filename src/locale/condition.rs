//! Messages for errors of conditions (`--where`).

use super::Locale;
use pizhu_library::condition::{ConditionError, ConditionProblem};

/// What is wrong at which char of a condition; `tag` words the error about a tag.
#[must_use]
pub(crate) fn condition_line(
    error: &ConditionError,
    tag: impl FnOnce(&pizhu_annotation::CodebookError) -> String,
    locale: Locale,
) -> String {
    let with = |id: &str, name: &'static str, value: &str| locale.format(id, &[(name, value.into())]);
    let problem = match &error.problem {
        ConditionProblem::NoTerm => locale.text("condition-no-term").into_owned(),
        ConditionProblem::NoOperator(word) => with("condition-no-operator", "word", word),
        ConditionProblem::OpenBracket => locale.text("condition-open-bracket").into_owned(),
        ConditionProblem::StrayBracket => locale.text("condition-stray-bracket").into_owned(),
        ConditionProblem::OpenQuote => locale.text("condition-open-quote").into_owned(),
        ConditionProblem::NoSuchField(field) => with("condition-no-field", "field", field),
        ConditionProblem::NoValue(field) => with("condition-no-value", "field", field),
        ConditionProblem::BadNumber(value) => with("condition-bad-number", "value", value),
        ConditionProblem::BadDate(value) => with("condition-bad-date", "value", value),
        ConditionProblem::TooDeep => locale.text("condition-too-deep").into_owned(),
        ConditionProblem::Tag(error) => tag(error),
    };
    locale.format("condition-error", &[("column", error.column.into()), ("problem", problem.into())])
}

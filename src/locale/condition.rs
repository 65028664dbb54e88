//! Messages for errors of conditions (`--where`).

use super::Locale;
use crate::locale::{MessageId, id};
use pizhu_library::condition::{ConditionError, ConditionProblem};

/// What is wrong at which char of a condition; `tag` words the error about a tag.
#[must_use]
pub(crate) fn condition_line(
    error: &ConditionError,
    tag: impl FnOnce(&pizhu_annotation::CodebookError) -> String,
    locale: Locale,
) -> String {
    let with = |id: MessageId, name: &'static str, value: &str| locale.format(id, &[(name, value.into())]);
    let problem = match &error.problem {
        ConditionProblem::NoTerm => locale.text(id::CONDITION_NO_TERM).into_owned(),
        ConditionProblem::NoOperator(word) => with(id::CONDITION_NO_OPERATOR, "word", word),
        ConditionProblem::OpenBracket => locale.text(id::CONDITION_OPEN_BRACKET).into_owned(),
        ConditionProblem::StrayBracket => locale.text(id::CONDITION_STRAY_BRACKET).into_owned(),
        ConditionProblem::OpenQuote => locale.text(id::CONDITION_OPEN_QUOTE).into_owned(),
        ConditionProblem::NoSuchField(field) => with(id::CONDITION_NO_FIELD, "field", field),
        ConditionProblem::NoValue(field) => with(id::CONDITION_NO_VALUE, "field", field),
        ConditionProblem::BadNumber(value) => with(id::CONDITION_BAD_NUMBER, "value", value),
        ConditionProblem::BadDate(value) => with(id::CONDITION_BAD_DATE, "value", value),
        ConditionProblem::TooDeep => locale.text(id::CONDITION_TOO_DEEP).into_owned(),
        ConditionProblem::Tag(error) => tag(error),
    };
    locale.format(id::CONDITION_ERROR, &[("column", error.column.into()), ("problem", problem.into())])
}

//! Parsing of conditions, by recursive descent with bounded depth.

use super::{
    attribute_test::AttributeTest,
    error::{ConditionError, ConditionProblem},
    lexer::{PlacedToken, QuotedWord, Token, tokens},
    node::{Node, TagWords},
};
use pizhu_annotation::attribute_type::is_date;
use pizhu_text::text::fold::fold_text;

/// Maximum brackets and `not` inside each other.
const MAX_DEPTH: usize = 64;

/// An operator between two terms.
enum PassageOperator {
    Near(usize),
    Within,
}

pub(super) fn parse(text: &str) -> Result<(Node, Vec<TagWords>), ConditionError> {
    let tokens = tokens(text)?;
    let mut parser = Parser { end: text.chars().count() + 1, tokens, at: 0, tags: Vec::new(), depth: 0 };
    let root = parser.or()?;
    match parser.next() {
        None => Ok((root, parser.tags)),
        Some((column, Token::Close)) => Err(ConditionError { column, problem: ConditionProblem::StrayBracket }),
        Some((column, token)) => Err(ConditionError { column, problem: ConditionProblem::NoOperator(token.shown()) }),
    }
}

struct Parser {
    tokens: Vec<PlacedToken>,
    at: usize,
    /// The column after the last char.
    end: usize,
    tags: Vec<TagWords>,
    depth: usize,
}

impl Token {
    fn shown(&self) -> String {
        match self {
            Self::Open => "(".to_owned(),
            Self::Close => ")".to_owned(),
            Self::Word(QuotedWord { name, value: None, .. }) => name.clone(),
            Self::Word(QuotedWord { name, value: Some(value), .. }) => format!("{name}:{value}"),
        }
    }

    /// Whether it is this keyword, which no quoted word is.
    fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(QuotedWord { name, value: None, is_quoted: false }) if name.eq_ignore_ascii_case(keyword))
    }
}

impl Parser {
    fn next(&mut self) -> Option<PlacedToken> {
        let token = self.tokens.get(self.at).cloned();
        self.at += usize::from(token.is_some());
        token
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let is_it = self.tokens.get(self.at).is_some_and(|(_, token)| token.is_keyword(keyword));
        self.at += usize::from(is_it);
        is_it
    }

    /// Parses something that may hold others of its kind.
    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, ConditionError>) -> Result<T, ConditionError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let column = self.tokens.get(self.at).map_or(self.end, |(column, _)| *column);
            return Err(ConditionError { column, problem: ConditionProblem::TooDeep });
        }
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn or(&mut self) -> Result<Node, ConditionError> {
        let mut parts = vec![self.and()?];
        while self.take_keyword("or") {
            parts.push(self.and()?);
        }
        Ok(single(parts, Node::Or))
    }

    fn and(&mut self) -> Result<Node, ConditionError> {
        let mut parts = vec![self.not()?];
        while self.take_keyword("and") {
            parts.push(self.not()?);
        }
        Ok(single(parts, Node::And))
    }

    fn not(&mut self) -> Result<Node, ConditionError> {
        if self.take_keyword("not") {
            return self.deeper(|parser| Ok(Node::Not(Box::new(parser.not()?))));
        }
        let mut left = self.term()?;
        while let Some(operator) = self.passage_operator()? {
            let (one, other) = (Box::new(left), Box::new(self.term()?));
            left = match operator {
                PassageOperator::Near(chars) => Node::Near(one, chars, other),
                PassageOperator::Within => Node::Within(one, other),
            };
        }
        Ok(left)
    }

    fn passage_operator(&mut self) -> Result<Option<PassageOperator>, ConditionError> {
        if self.take_keyword("within") {
            return Ok(Some(PassageOperator::Within));
        }
        let Some((column, token)) = self.tokens.get(self.at) else { return Ok(None) };
        if token.is_keyword("near") {
            return Err(ConditionError { column: *column, problem: ConditionProblem::NoValue("near:".to_owned()) });
        }
        let Token::Word(QuotedWord { name, value: Some(value), is_quoted: false }) = token else { return Ok(None) };
        if !name.eq_ignore_ascii_case("near") {
            return Ok(None);
        }
        let chars = number(value, *column, "near:")?;
        self.at += 1;
        Ok(Some(PassageOperator::Near(chars)))
    }

    fn term(&mut self) -> Result<Node, ConditionError> {
        let no_term = |column| Err(ConditionError { column, problem: ConditionProblem::NoTerm });
        match self.next() {
            None => no_term(self.end),
            Some((column, Token::Close)) => no_term(column),
            Some((column, Token::Open)) => {
                let inner = self.deeper(Self::or)?;
                match self.next() {
                    Some((_, Token::Close)) => Ok(inner),
                    Some((at, token)) => Err(ConditionError { column: at, problem: ConditionProblem::NoOperator(token.shown()) }),
                    None => Err(ConditionError { column, problem: ConditionProblem::OpenBracket }),
                }
            }
            Some((column, token)) if ["and", "or", "within", "near"].iter().any(|keyword| token.is_keyword(keyword)) => no_term(column),
            Some((column, Token::Word(word))) => self.word(column, word),
        }
    }

    fn word(&mut self, column: usize, word: QuotedWord) -> Result<Node, ConditionError> {
        let QuotedWord { name, value, is_quoted } = word;
        let key = name.strip_prefix("attr.").filter(|key| !is_quoted && !key.is_empty());
        if let Some(key) = key {
            let test = AttributeTest::parse(key, value.as_deref());
            let missing = || ConditionError { column, problem: ConditionProblem::NoValue(format!("{name}:")) };
            return Ok(Node::Attribute(test.ok_or_else(missing)?));
        }
        let Some(value) = value.filter(|_| !is_quoted) else { return self.tag(column, &name) };
        let field = name.to_ascii_lowercase();
        if !["tag", "level", "author", "note", "since", "until"].contains(&field.as_str()) {
            return Err(ConditionError { column, problem: ConditionProblem::NoSuchField(format!("{name}:")) });
        }
        if value.trim().is_empty() {
            return Err(ConditionError { column, problem: ConditionProblem::NoValue(format!("{name}:")) });
        }
        let date = || {
            let bad = || ConditionError { column, problem: ConditionProblem::BadDate(value.clone()) };
            is_date(&value).then(|| value.clone()).ok_or_else(bad)
        };
        match field.as_str() {
            "tag" => self.tag(column, &value),
            "level" => Ok(Node::Level(number(&value, column, "level:")?)),
            "author" => Ok(Node::Author(value)),
            "note" => Ok(Node::Note(fold_text(&value))),
            "since" => Ok(Node::Since(date()?)),
            _ => Ok(Node::Until(date()?)),
        }
    }

    fn tag(&mut self, column: usize, words: &str) -> Result<Node, ConditionError> {
        if words.trim().is_empty() {
            return Err(ConditionError { column, problem: ConditionProblem::NoTerm });
        }
        self.tags.push(TagWords { words: words.to_owned(), column });
        Ok(Node::Tag(self.tags.len() - 1))
    }
}

fn number(value: &str, column: usize, field: &str) -> Result<usize, ConditionError> {
    let value = fold_text(value);
    let problem = if value.is_empty() { ConditionProblem::NoValue(field.to_owned()) } else { ConditionProblem::BadNumber(value.clone()) };
    let is_plain = value.bytes().all(|byte| byte.is_ascii_digit());
    value.parse().ok().filter(|_| is_plain).ok_or(ConditionError { column, problem })
}

fn single(mut parts: Vec<Node>, join: impl FnOnce(Vec<Node>) -> Node) -> Node {
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}

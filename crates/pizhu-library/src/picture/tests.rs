use super::*;
use crate::count::{CountHeader, CountKey, CountTable};
use pizhu_annotation::TagRef;
use proptest::prelude::*;

fn header(name: &str, key: CountKey, total: usize) -> CountHeader {
    CountHeader { key, name: name.to_owned(), depth: 0, total }
}

fn year(year: Option<&str>, total: usize) -> CountHeader {
    header(year.unwrap_or("undated"), CountKey::Year(year.map(str::to_owned)), total)
}

fn table(tags: &[(&str, [usize; 3])]) -> CountTable {
    CountTable {
        rows: tags.iter().map(|(name, cells)| header(name, CountKey::Tag(TagRef::new(name)), cells.iter().sum())).collect(),
        columns: vec![year(Some("2019"), 0), year(Some("2022"), 0), year(None, 0)],
        cells: tags.iter().map(|(_, cells)| cells.iter().copied().map(Some).collect()).collect(),
    }
}

fn picture(table: &CountTable) -> PictureTable {
    PictureTable::new(table, "标签计数", &|header| header.name.clone())
}

/// The texts of the elements of a name, and the attributes of them; fails on what is not XML.
fn elements(svg: &str, wanted: &str) -> Vec<(String, String)> {
    let mut reader = quick_xml::Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    let (mut found, mut open) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(start) => {
                let name = start.name().as_ref().to_owned();
                if name == wanted {
                    found.push((start.attributes_raw().to_owned(), String::new()));
                }
                open.push(name);
            }
            quick_xml::events::Event::End(_) => _ = open.pop(),
            quick_xml::events::Event::Empty(start) if start.name().as_ref() == wanted => {
                found.push((start.attributes_raw().to_owned(), String::new()));
            }
            quick_xml::events::Event::Text(text) if open.last().is_some_and(|name| name == wanted) => {
                if let Some(last) = found.last_mut() {
                    last.1.push_str(&text);
                }
            }
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
    found
}

#[test]
fn years_without_a_speech_keep_their_place() {
    let svg = draw(PictureKind::Years, &picture(&table(&[("人才", [3, 0, 1])])));
    let texts: Vec<String> = elements(&svg, "text").into_iter().map(|(_, text)| text).collect();
    let years: Vec<&str> = texts.iter().map(String::as_str).filter(|text| text.starts_with("20") || *text == "undated").collect();
    assert_eq!(years, ["2019", "2020", "2021", "2022", "undated"]);
    // A bar a figure above zero, as high as its share of the largest.
    let bars: Vec<String> =
        elements(&svg, "rect").into_iter().map(|(attributes, _)| attributes).filter(|text| text.contains("pz-bar")).collect();
    let heights: Vec<f64> =
        bars.iter().map(|bar| bar.split("height=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()).collect();
    assert_eq!(heights, [36.0, 12.0]);
}

#[test]
fn shares_are_drawn_and_written_instead_of_figures() {
    let counted = table(&[("人才", [1, 3, 0])]);
    let shares = picture(&counted).with_shares(&[vec![Some(25.0), Some(75.0), None]]);
    let svg = draw(PictureKind::Heat, &shares);
    let texts: Vec<String> = elements(&svg, "text").into_iter().map(|(_, text)| text).collect();
    for wanted in ["25.0%", "75.0%", "–"] {
        assert!(texts.iter().any(|text| text == wanted), "{wanted}: {texts:?}");
    }
    assert!(svg.contains("class=\"pz-h2\"") && svg.contains("class=\"pz-h6\""));
}

#[test]
fn a_tag_with_itself_is_not_shaded() {
    let tags = [("甲", 9), ("乙", 2)].map(|(name, total)| header(name, CountKey::Tag(TagRef::new(name)), total));
    let counted = CountTable { rows: tags.to_vec(), columns: tags.to_vec(), cells: vec![vec![Some(9), Some(1)], vec![Some(1), Some(2)]] };
    let svg = draw(PictureKind::Heat, &picture(&counted));
    let cells: Vec<String> =
        elements(&svg, "rect").into_iter().map(|(attributes, _)| attributes).filter(|text| text.contains("height=\"28.0\"")).collect();
    let shades: Vec<&str> = cells.iter().map(|cell| cell.split("pz-h").nth(1).unwrap().split('"').next().unwrap()).collect();
    assert_eq!(shades, ["0", "6", "6", "0"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever tags are called, a picture is well-formed, has only our elements, and each is inside it.
    #[test]
    fn names_never_become_markup(names in prop::collection::vec("(\\PC|[<>&\"'\u{202E}\u{1B}\u{7}\n]){0,40}|</title><script>alert\\(1\\)</script>|\" onload=\"alert\\(1\\)", 1..6), figures in prop::collection::vec(0..2000_usize, 18)) {
        let rows: Vec<(&str, [usize; 3])> = names.iter().enumerate().map(|(at, name)| (name.as_str(), [figures[at * 3], figures[at * 3 + 1], figures[at * 3 + 2]])).collect();
        let mut picture = picture(&table(&rows));
        picture.title = names[0].clone();
        picture.total_label = "合计".to_owned();
        for kind in [PictureKind::Heat, PictureKind::Bars, PictureKind::Years] {
            let svg = draw(kind, &picture);
            let known = ["svg", "title", "desc", "style", "rect", "text"];
            let all: usize = known.iter().map(|name| elements(&svg, name).len()).sum();
            prop_assert_eq!(svg.matches('<').count() - svg.matches("</").count(), all, "{}", svg);
            let is_hidden = |c: char| (c.is_control() && c != '\n') || c == '\u{202E}';
            prop_assert!(!svg.chars().any(is_hidden));
            let (attributes, _) = elements(&svg, "svg").remove(0);
            prop_assert!(!attributes.contains("onload"));
            let width: f64 = attributes.split(" width=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
            for (rect, _) in elements(&svg, "rect").into_iter().filter(|(rect, _)| rect.contains("x=")) {
                let number = |name: &str| rect.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse::<f64>().unwrap();
                prop_assert!(number("x") + number("width") <= width, "{}", rect);
            }
        }
    }
}

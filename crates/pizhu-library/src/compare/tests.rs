use super::*;
use pizhu_text::document::{Hints, parse};
use pizhu_text::text::SourceText;
use pizhu_text::text::fold::fold;
use proptest::prelude::*;

fn speech(text: &str) -> Document {
    parse(SourceText::from(text), &Hints::default())
}

/// One line a section: sign, paths, and what differs as `old>new`.
fn shown(a: &Document, b: &Document) -> Vec<String> {
    let path = |document: &Document, side: &Option<SectionSide>| match side {
        None => "-".to_owned(),
        Some(side) => side.id.map_or_else(|| "front".to_owned(), |id| document.outline.path_text(id)),
    };
    let compared = SpeechComparison::new(a, b);
    let line = |section: &ComparedSection| {
        let changes = section.changes.iter().map(|[one, other]| format!(" {}>{}", a.quote(*one), b.quote(*other)));
        let changes: String = changes.collect();
        format!("{} {} {}{changes}", section.state.sign(), path(a, &section.sides[0]), path(b, &section.sides[1]))
    };
    compared.sections.iter().map(line).collect()
}

const TALENT: &str = "去年引进高层次人才三十名，人才平台建起来了，还要把本土人才留住用好。";
const GRASSROOTS: &str = "每个村都要有一个坚强的支部，党员要在急难险重的时候站得出来、顶得上去。";
const STYLE: &str = "改进作风没有完成时，文件要短、会议要少、调研要实，不给基层添麻烦。";
const YOUTH: &str = "年轻干部要到一线去摔打，在项目工地和信访窗口里长本领、见世面。";

fn last_year() -> Document {
    speech(&format!(
        "在青禾县会议上的讲话\n同志们：\n下面讲三点。\n一、抓好人才工作\n{TALENT}\n二、建强基层组织\n{GRASSROOTS}\n三、改进作风\n{STYLE}\n"
    ))
}

#[test]
fn sections_are_paired_by_what_they_say() {
    let talent = TALENT.replace("三十名", "五十六名").replace("留住用好", "留得住、用得好");
    let b = speech(&format!(
        "在青禾县会议上的讲话\n同志们：\n下面讲三点。\n一、建强基层组织\n{GRASSROOTS}\n二、培养年轻干部\n{YOUTH}\n三、抓好人才工作\n{talent}\n"
    ));
    assert_eq!(
        shown(&last_year(), &b),
        [
            "= front front",
            "→ 二、 一、",
            "- 三、 -",
            "+ - 二、",
            // The longer of the two that changed places stays.
            "~ 一、 三、 三>五 >六 >得 >得",
        ]
    );
}

#[test]
fn comparison_ignores_script_width_and_punctuation_and_gives_source_offsets() {
    let a = last_year();
    let traditional = |c: char| {
        "进進层層还還来來强強个個坚堅党黨难難时時顶頂风風没沒开開会會给給烦煩组組织織"
            .chars()
            .collect::<Vec<char>>()
            .chunks(2)
            .find_map(|pair| (pair[0] == c).then_some(pair[1]))
            .unwrap_or(c)
    };
    let other: String = a.source.chars_from(0).map(|(_, c)| traditional(c)).collect();
    let b = speech(&other.replace('，', ",").replace("三十", "五十"));
    assert_ne!(a.source.slice(a.source.span()), b.source.slice(b.source.span()));
    let compared = SpeechComparison::new(&a, &b);
    let changed: Vec<_> = compared.sections.iter().flat_map(|section| &section.changes).collect();
    assert_eq!(changed.len(), 1);
    assert_eq!((a.quote(changed[0][0]).as_str(), b.quote(changed[0][1]).as_str()), ("三", "五"));
}

#[test]
fn a_passage_that_went_into_another_section_is_moved() {
    let rest = "要把农村基层党建作为重中之重，今年每个乡镇都要建好一个党群服务中心。";
    let a = speech(&format!("同志们：\n一、抓好人才工作\n{TALENT}{YOUTH}\n二、建强基层组织\n{GRASSROOTS}{rest}\n"));
    let b = speech(&format!("同志们：\n一、抓好人才工作\n{TALENT}\n二、建强基层组织\n{GRASSROOTS}{YOUTH}{rest}\n"));
    let compared = SpeechComparison::new(&a, &b);
    let [moved] = &compared.moves[..] else { panic!("{:?}", compared.moves) };
    assert_eq!((a.quote(moved[0]), b.quote(moved[1])), (YOUTH.trim_end_matches('。').to_owned(), YOUTH.trim_end_matches('。').to_owned()));
    assert!(compared.kept.iter().all(|kept| (kept - 1.0).abs() < 1e-9), "{:?}", compared.kept);
    for (side, document) in [&a, &b].into_iter().enumerate() {
        let marks = compared.marks(side);
        assert_eq!(marks.iter().map(|(_, kind)| *kind).collect::<Vec<_>>(), [MarkKind::Moved]);
        assert_eq!(document.quote(marks[0].0), YOUTH.trim_end_matches('。'));
    }
}

#[test]
fn a_damaged_heading_is_compared_as_restored() {
    let text =
        "在青禾县会议上的讲话\n一、总体要求\n1.基础得到进一步夯实\n要稳。\n2贝葱履芰Φ玫浇一步提升\n要实。\n3.作风得到进一步转变\n要严。\n";
    let (damaged, whole) = (speech(text), speech(&text.replace("2贝葱履芰Φ玫浇一步提升", "2.创新能力得到进一步提升")));
    assert!(damaged.outline.iter().any(|(_, section)| section.repaired_title.is_some()));
    assert!(SpeechComparison::new(&damaged, &whole).sections.iter().all(|section| section.state == SectionState::Same));
    let other = speech(&text.replace("2贝葱履芰Φ玫浇一步提升", "2.服务能力得到逐步提升"));
    let compared = SpeechComparison::new(&damaged, &other);
    let changed: Vec<_> = compared.sections.iter().flat_map(|section| &section.changes).collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(
        (damaged.quote(changed[0][0]).as_str(), other.quote(changed[0][1]).as_str()),
        ("2贝葱履芰Φ玫浇一步提升", "服务能力得到逐"),
        "changes of one heading are one"
    );
}

#[test]
fn speeches_without_anything_in_common_are_dropped_and_new() {
    let b = speech("同志们：\n一、看天气\n清晨起了大雾，山坡上什么也望不见。\n二、记雨水\n到中午才散开，接着又是一场急雨。\n");
    let compared = SpeechComparison::new(&last_year(), &b);
    assert!(compared.sections[1..].iter().all(|section| matches!(section.state, SectionState::New | SectionState::Dropped)));
    assert!(compared.kept[0] < 0.02 && compared.kept[1] < 0.02, "{:?}", compared.kept);
}

#[test]
fn empty_and_unsectioned_texts_are_compared() {
    let empty = speech("");
    assert_eq!(shown(&empty, &empty), ["= front front"]);
    assert_eq!(shown(&empty, &last_year()).len(), 4);
    assert_eq!(
        shown(&speech("清晨起了大雾，山坡上什么也望不见。"), &speech("清晨起了小雾，山坡上什么也望不见。")),
        ["~ front front 大>小"]
    );
}

/// Sections as they are recombined: a heading and sentences, some of them the same.
fn arb_speech() -> impl Strategy<Value = String> {
    let sentence = prop_oneof![
        Just(TALENT.to_owned()),
        Just(GRASSROOTS.to_owned()),
        Just(STYLE.to_owned()),
        Just(YOUTH.to_owned()),
        "[一二人才工作组织要抓好实]{2,40}。",
    ];
    let point = ("一是|二是|三是|", sentence.clone()).prop_map(|(marker, text)| format!("{marker}{text}"));
    let section = ("(抓好人才|改进作风|[总结经验要求]{2,6})", prop::collection::vec(point, 0..5));
    prop::collection::vec(section, 0..6).prop_map(|sections| {
        let mut text = "在青禾县会议上的讲话\n同志们：\n下面讲几点。\n".to_owned();
        for (index, (title, points)) in sections.into_iter().enumerate() {
            let marker = ["一", "二", "三", "四", "五", "六"][index];
            text.extend([marker, "、", &title, "\n", &points.concat(), "\n"]);
        }
        text
    })
}

/// The sections as they are, whatever their order.
fn sorted(compared: &SpeechComparison) -> Vec<String> {
    let mut all: Vec<String> = compared.sections.iter().map(|section| format!("{section:?}")).collect();
    all.extend(compared.moves.iter().map(|moved| format!("{moved:?}")));
    all.sort();
    all
}

fn mirrored(compared: SpeechComparison) -> SpeechComparison {
    let mirror = |mut section: ComparedSection| {
        section.sides.reverse();
        section.changes.iter_mut().for_each(|change| change.reverse());
        section.state = match section.state {
            SectionState::New => SectionState::Dropped,
            SectionState::Dropped => SectionState::New,
            state => state,
        };
        section
    };
    let [a, b] = compared.kept;
    let moves = compared.moves.into_iter().map(|[a, b]| [b, a]).collect();
    SpeechComparison { sections: compared.sections.into_iter().map(mirror).collect(), moves, kept: [b, a] }
}

proptest! {
    #[test]
    fn a_speech_is_the_same_as_itself(text in arb_speech()) {
        let a = speech(&text);
        let compared = SpeechComparison::new(&a, &a);
        prop_assert_eq!(compared.sections.len(), a.outline.sections().len() + 1);
        for section in &compared.sections {
            prop_assert_eq!(section.state, SectionState::Same);
            prop_assert_eq!(&section.sides[0], &section.sides[1]);
            prop_assert!((section.similarity - 1.0).abs() < 1e-9);
        }
        prop_assert!(compared.kept.iter().all(|kept| (kept - 1.0).abs() < 1e-9));
        prop_assert!(compared.marks(0).is_empty() && compared.moves.is_empty());
    }

    #[test]
    fn the_other_way_round_it_is_mirrored(a in arb_speech(), b in arb_speech()) {
        let (a, b) = (speech(&a), speech(&b));
        prop_assert_eq!(sorted(&SpeechComparison::new(&b, &a)), sorted(&mirrored(SpeechComparison::new(&a, &b))));
    }

    #[test]
    fn every_char_is_in_one_section_and_what_is_unmarked_is_equal(a in arb_speech(), b in arb_speech()) {
        let documents = [speech(&a), speech(&b)];
        let compared = SpeechComparison::new(&documents[0], &documents[1]);
        for (side, document) in documents.iter().enumerate() {
            let mut spans: Vec<Span> = compared.sections.iter().filter_map(|section| section.sides[side].as_ref()).map(|side| side.span).collect();
            spans.sort_unstable_by_key(|span| (span.start, span.end));
            prop_assert_eq!(spans.first().map(|span| span.start), Some(0));
            prop_assert_eq!(spans.last().map(|span| span.end), Some(document.source.len()));
            prop_assert!(spans.windows(2).all(|pair| pair[0].end == pair[1].start));
            let marks = compared.marks(side);
            prop_assert!(marks.windows(2).all(|pair| pair[0].0.end <= pair[1].0.start));
        }
        // Without its changes, a pair of sections has the same letters.
        let markers = |document: &Document, side: &SectionSide| side.id.and_then(|id| document.outline.get(id)).map_or(side.span.start, |section| section.marker.end);
        for section in &compared.sections {
            if let ([Some(one), Some(other)], changes) = (&section.sides, &section.changes) {
                let rest = |index: usize, side: &SectionSide| -> String {
                    let document = &documents[index];
                    let inside = |at: usize| changes.iter().any(|change| change[index].contains(at));
                    let is_left_out = |at: usize| document.paragraph_at(at).is_some_and(|paragraph| {
                        use pizhu_text::document::ParagraphKind::{Boilerplate, Metadata, Salutation, Title};
                        matches!(document.paragraphs[paragraph].kind, Title | Metadata | Salutation | Boilerplate)
                    });
                    let chars = document.source.chars_from(markers(document, side)).take_while(|(at, _)| *at < side.span.end);
                    chars.filter(|(at, c)| c.is_alphanumeric() && !inside(*at) && !is_left_out(*at)).map(|(_, c)| fold(c)).collect()
                };
                prop_assert_eq!(rest(0, one), rest(1, other));
            }
        }
    }
}

//! Projects of other programs, element by element.

use super::read::read;
use crate::exchange::import::{ImportBatch, Loss};
use pizhu_annotation::{AttributeType, Scope};
use std::io::{Cursor, Write as _};
use zip::{ZipWriter, write::SimpleFileOptions};

const TEXT: &str = "在青禾县会议上的讲话\n要抓实抓细。\n";

fn project(origin: &str, inside: &str) -> ImportBatch {
    let xml = format!("<Project xmlns='urn:QDA-XML:project:1.0' name='a' origin='{origin}'>{inside}</Project>");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("project.qde", xml.as_str()), ("Sources/a.txt", TEXT), ("Sources/n.txt", "日志一\n")] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    read(&zip.finish().unwrap().into_inner()).unwrap()
}

const USERS: &str = "<Users><User guid='{11111111-1111-1111-1111-111111111111}' name='甲'/><User guid='22222222-2222-2222-2222-222222222222' name='乙'/></Users>";
const CODES: &str = "<CodeBook><Codes>
    <Code guid='aaaaaaaa-0000-0000-0000-000000000001' name='上' isCodable='false' color='#A30'><Description>定义</Description><NoteRef targetGUID='d0000000-0000-0000-0000-000000000001'/>
      <Code guid='aaaaaaaa-0000-0000-0000-000000000002' name='作风' isCodable='true'/></Code>
    <Code guid='aaaaaaaa-0000-0000-0000-000000000003' name='下' isCodable='true'>
      <Code guid='aaaaaaaa-0000-0000-0000-000000000004' name='作风' isCodable='true'/></Code>
    <Code guid='aaaaaaaa-0000-0000-0000-000000000005' name=' ' isCodable='true'/></Codes></CodeBook>";

#[test]
fn codings_keep_their_authors_and_codes_of_one_name_stay_distinct() {
    let found = project("x", &format!("{USERS}{CODES}<Sources><TextSource guid='s1' name='a' plainTextPath='internal://a.txt' creatingUser='11111111-1111-1111-1111-111111111111'>
        <PlainTextSelection guid='bbbbbbbb-0000-0000-0000-000000000001' startPosition='12' endPosition='16' creatingUser='11111111-1111-1111-1111-111111111111'>
          <Description>选段注</Description>
          <Coding guid='c1' creatingUser='22222222-2222-2222-2222-222222222222' creationDateTime='2024-01-02T03:04:05Z'><CodeRef targetGUID='aaaaaaaa-0000-0000-0000-000000000002'/></Coding>
          <Coding guid='c2'><CodeRef targetGUID='aaaaaaaa-0000-0000-0000-000000000004'/></Coding>
          <Coding guid='c3'><CodeRef targetGUID='aaaaaaaa-0000-0000-0000-000000000009'/></Coding></PlainTextSelection>
        <Coding guid='c4' creatingUser='22222222-2222-2222-2222-222222222222'><CodeRef targetGUID='aaaaaaaa-0000-0000-0000-000000000003'/></Coding>
        </TextSource></Sources>"));
    let tag = |index: usize| (found.tags[index].name.as_str(), found.tags[index].parent.as_ref().map(|parent| parent.name.as_str()));
    assert_eq!([tag(1), tag(3)], [("作风", Some("上")), ("作风", Some("下"))]);
    assert_eq!((found.tags[0].colour.as_str(), found.tags[0].definition.as_str()), ("#aa3300", "定义"));
    let codings: Vec<_> = found
        .entries
        .iter()
        .map(|entry| {
            (entry.author.as_deref(), entry.tag_refs.iter().map(|tag| tag.id).collect::<Vec<_>>(), entry.note.as_str(), entry.scope)
        })
        .collect();
    assert_eq!(codings.len(), 3);
    assert!(codings.contains(&(Some("甲"), vec![found.tags[3].id], "选段注", Some(Scope::Passage))));
    assert!(codings.contains(&(Some("乙"), vec![found.tags[1].id], "", Some(Scope::Passage))));
    assert!(codings.contains(&(Some("乙"), vec![found.tags[2].id], "", Some(Scope::Speech))));
    let ids: std::collections::BTreeSet<_> = found.entries.iter().filter_map(|entry| entry.id).collect();
    assert_eq!(ids.len(), 2, "the selection's id is its maker's, another's is derived");
    assert_eq!(found.losses.iter().map(|(loss, count)| (*loss, *count)).collect::<Vec<_>>(), [(Loss::Code, 1), (Loss::Coding, 1)]);
    assert_eq!((found.texts.len(), found.texts[0].document.as_str(), found.texts[0].text.len()), (1, "a", TEXT.chars().count()));
}

#[test]
fn notes_go_where_they_are_referred_to() {
    let inside = format!("{USERS}{CODES}<Sources><TextSource guid='s1' name='a' plainTextPath='internal://a.txt'><Description>材料说明</Description>
        <PlainTextSelection guid='bbbbbbbb-0000-0000-0000-000000000001' startPosition='12' endPosition='16' creatingUser='11111111-1111-1111-1111-111111111111'/>
        <NoteRef targetGUID='d0000000-0000-0000-0000-000000000002'/></TextSource></Sources>
      <Notes><Note guid='d0000000-0000-0000-0000-000000000001' name='n1'><PlainTextContent>签注</PlainTextContent></Note>
        <Note guid='d0000000-0000-0000-0000-000000000002' name='n2' creatingUser='22222222-2222-2222-2222-222222222222'><PlainTextContent>篇注</PlainTextContent></Note>
        <Note guid='d0000000-0000-0000-0000-000000000003' name='日志' plainTextPath='internal://n.txt' creatingUser='22222222-2222-2222-2222-222222222222'/>
        <Note guid='d0000000-0000-0000-0000-000000000004' name='n4'><PlainTextContent>链注</PlainTextContent></Note>
        <Note guid='d0000000-0000-0000-0000-000000000005' name='n5'><PlainTextContent>例注</PlainTextContent></Note></Notes>
      <Links><Link guid='l1' originGUID='d0000000-0000-0000-0000-000000000004' targetGUID='bbbbbbbb-0000-0000-0000-000000000001'/><Link guid='l2' originGUID='x' targetGUID='y'><NoteRef targetGUID='d0000000-0000-0000-0000-000000000005'/></Link></Links>
      <Graphs><Graph guid='g'><Vertex guid='v' firstX='1' firstY='1'/></Graph></Graphs><Description>总说明</Description>");
    let found = project("x", &inside);
    assert_eq!(found.tags[0].memo, "签注");
    let notes: Vec<_> = found.entries.iter().map(|entry| (entry.scope, entry.author.as_deref(), entry.note.as_str())).collect();
    assert!(
        notes.contains(&(Some(Scope::Speech), Some("乙"), "篇注")) && notes.contains(&(Some(Scope::Speech), None, "材料说明")),
        "{notes:?}"
    );
    assert!(notes.contains(&(Some(Scope::Passage), Some("甲"), "链注")), "{notes:?}");
    let memos: Vec<_> = found.project.memos.iter().map(|memo| (memo.author.as_deref(), memo.text.as_str())).collect();
    assert_eq!(memos, [(Some("乙"), "日志\n日志一"), (None, "总说明")]);
    let losses: Vec<_> = found.losses.iter().filter(|(loss, _)| **loss != Loss::Code).map(|(loss, count)| (*loss, *count)).collect();
    assert_eq!(losses, [(Loss::Link, 1), (Loss::Graph, 1), (Loss::Note, 1)]);
}

/// QualCoder writes an annotation as a note of the source, with its place in the note.
#[test]
fn a_note_may_name_its_place_in_the_source() {
    let found = project("QualCoder", &format!("{USERS}<Sources><TextSource guid='s1' name='a' plainTextPath='internal://a.txt'><NoteRef targetGUID='n1'/></TextSource></Sources>
      <Notes><Note guid='n1' creatingUser='22222222-2222-2222-2222-222222222222'><PlainTextContent>旁注</PlainTextContent><PlainTextSelection guid='p' startPosition='12' endPosition='16'/></Note></Notes>"));
    let entry = &found.entries[0];
    assert_eq!(
        (entry.scope, entry.quoted().as_deref(), entry.note.as_str(), entry.author.as_deref()),
        (Some(Scope::Passage), Some("抓实抓细"), "旁注", Some("乙"))
    );
    assert!(found.losses.is_empty() && found.entries.len() == 1 && found.project.memos.is_empty());
}

#[test]
fn variables_cases_and_sets_are_attributes() {
    let found = project("x", "<Variables><Variable guid='v1' name='与会:人数' typeOfVariable='Integer'/><Variable guid='v2' name='开会' typeOfVariable='DateTime'/><Variable guid='v3' name='地点' typeOfVariable='Text'/></Variables>
      <Cases><Case guid='k1' name='青禾'><VariableValue><VariableRef targetGUID='v1'/><IntegerValue>230</IntegerValue></VariableValue><SourceRef targetGUID='s1'/><SourceRef targetGUID='s2'/></Case>
        <Case guid='k2' name='空'><VariableValue><VariableRef targetGUID='v3'/><TextValue>无</TextValue></VariableValue></Case></Cases>
      <Sources><TextSource guid='s1' name='a' plainTextPath='internal://a.txt'><VariableValue><VariableRef targetGUID='v2'/><DateTimeValue>2024-03-01T08:00:00</DateTimeValue></VariableValue><VariableValue><VariableRef targetGUID='v3'/><TextValue>如 皋</TextValue></VariableValue></TextSource>
        <TextSource guid='s2' name='b'><PlainTextContent>另一篇讲话，要抓实。</PlainTextContent></TextSource><PictureSource guid='p'><PictureSelection guid='q' firstX='1' firstY='1' secondX='1' secondY='1'><Coding guid='c'><CodeRef targetGUID='z'/></Coding></PictureSelection></PictureSource>
        <PDFSource guid='f' name='c.pdf'><PDFSelection guid='r' page='1' firstX='1' firstY='1' secondX='1' secondY='1'/><Representation guid='s3' name='c' plainTextPath='internal://a.txt'/></PDFSource></Sources>
      <Sets><Set guid='t1' name='县级'><MemberSource targetGUID='s1'/><MemberSource targetGUID='s2'/></Set><Set guid='t2' name='重点'><MemberSource targetGUID='s1'/></Set><Set guid='t3' name='码'><MemberCode targetGUID='m'/></Set></Sets>");
    let values =
        |index: usize| found.speeches[index].attributes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect::<Vec<_>>();
    assert_eq!(values(0), [("case", "青禾"), ("set", "县级；重点"), ("与会_人数", "230"), ("地点", "如 皋"), ("开会", "2024-03-01")]);
    assert_eq!(values(1), [("case", "青禾"), ("set", "县级"), ("与会_人数", "230")]);
    assert_eq!(
        found.project.attribute_types.iter().map(|(key, values)| (key.as_str(), *values)).collect::<Vec<_>>(),
        [("与会_人数", AttributeType::Number), ("开会", AttributeType::Date)]
    );
    let losses: Vec<_> = found.losses.iter().map(|(loss, count)| (*loss, *count)).collect();
    assert_eq!(losses, [(Loss::Source, 1), (Loss::Selection, 2), (Loss::Coding, 1), (Loss::Case, 1), (Loss::Value, 1), (Loss::Set, 1)]);
    assert_eq!(found.texts.iter().map(|text| text.document.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
}

/// Each use of a note or value is a text of its own: 20,000 uses of 3 MB were 60 GB.
#[test]
fn texts_used_many_times_are_bounded() {
    let note = format!("<Notes><Note guid='n' name='n'><PlainTextContent>{}</PlainTextContent></Note></Notes>", "注".repeat(100_000));
    let many = "<PlainTextSelection guid='b' startPosition='0' endPosition='1'><NoteRef targetGUID='n'/></PlainTextSelection>".repeat(1000);
    let xml = format!(
        "<Project origin='x'><Sources><TextSource guid='s' name='a'><PlainTextContent>甲乙</PlainTextContent>{many}</TextSource></Sources>{note}</Project>"
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("project.qde", SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
    zip.write_all(xml.as_bytes()).unwrap();
    assert!(read(&zip.finish().unwrap().into_inner()).is_err());
}

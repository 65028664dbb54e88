use super::*;

/// Speaker, office and occasion that a title gives.
fn title(text: &str) -> [Option<String>; 3] {
    let mut reader = FrontReader::default();
    reader.read_title(&LineText::from_text(text));
    let front = reader.finish(None);
    [front.speaker, front.office, front.occasion].map(|field| field.map(|field| field.text.to_string()))
}

#[expect(clippy::unnecessary_wraps, reason = "shorter comparisons")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn names_that_are_spread_out_are_closed_up() {
    let closed = |text: &str| {
        let mut field = FrontField { text: text.into(), span: crate::text::Span::new(0, 1) };
        close_up(&mut field);
        field.text.to_string()
    };
    assert_eq!([closed("李　强"), closed("王 小　明"), closed("张三　李四"), closed("张三")], ["李强", "王小明", "张三　李四", "张三"]);
}

#[test]
fn titles_tell_speaker_office_and_occasion() {
    assert_eq!(title("在青石縣城市工作會議上的報告提綱"), [None, None, some("青石縣城市工作會議")]);
    assert_eq!(title("青石律師公會主席戴某於水利年度開工典禮的演講辭"), [some("戴某"), some("青石律師公會主席"), some("水利年度開工典禮")]);
    assert_eq!(title("县发展改革委投资司韩小峰处长的讲话"), [some("韩小峰"), None, None]);
    assert_eq!(title("张三同志在县委全会上的讲话"), [some("张三"), None, some("县委全会")]);
    assert_eq!(title("张三就职演说"), [some("张三"), None, None]);
    assert_eq!(title("教育局局長在青石中學畢業典禮的演辭"), [None, None, some("青石中學畢業典禮")]);
    assert_eq!(title("總統出席「青石水庫啟用典禮」致詞"), [None, None, some("青石水庫啟用典禮")]);
    assert_eq!(title("青石縣縣長林某某出席青石商會午餐會致辭全文"), [some("林某某"), some("青石縣縣長"), some("青石商會午餐會")]);
    assert_eq!(title("县长张三在全县经济工作会议讲话"), [some("张三"), some("县长"), some("全县经济工作会议")]);
    assert_eq!(title("全县经济工作会议上的讲话"), [None, None, some("全县经济工作会议")]);
    assert_eq!(title("青石茶业博览会开幕式致辞"), [None, None, some("青石茶业博览会开幕式")]);
    assert_eq!(title("在欢迎白水代表团宴会上的祝酒词"), [None, None, some("欢迎白水代表团宴会")]);
    assert_eq!(title("行政長官李某某二零三一年施政報告"), [some("李某某"), some("行政長官"), None]);
    assert_eq!(title("张三副县长在全县春耕生产会议上的讲话"), [some("张三"), some("副县长"), some("全县春耕生产会议")]);
    assert_eq!(title("青石县第八届“十佳塘长”颁奖典礼主持词"), [None, None, some("青石县第八届“十佳塘长”颁奖典礼")]);
    for no_occasion in ["青石县学生会工作报告", "关于开好会议的讲话", "董事会发言稿", "工作总结讲话"] {
        assert_eq!(title(no_occasion)[2], None, "{no_occasion}");
    }
    assert_eq!(title("关于在全县开展查塘坝工作的通知"), [None, None, None]);
}

#[test]
fn a_title_names_who_speaks_before_a_colon() {
    for (text, addressed, speaker) in [
        ("李某某：治水要先修堤", true, some("李某某")),
        ("【演讲全文】李某某：治水要先修堤", true, some("李某某")),
        ("李某某：治水要先修堤", false, None),
        ("李某某参选宣言全文", false, some("李某某")),
    ] {
        let mut reader = FrontReader::default();
        reader.read_title(&LineText::from_text(text));
        if addressed {
            reader.read_salutation(&LineText::from_text("各位乡亲："));
        }
        assert_eq!(reader.finish(None).speaker.map(|field| field.text.to_string()), speaker, "{text}");
    }
}

#[test]
fn subtitles_tell_occasion_and_speaker() {
    let occasion = some("青石县第十四届人民代表大会第五次会议");
    for (text, speaker) in [
        ("2031年1月26日在青石县第十四届人民代表大会第五次会议上", None),
        ("2031年1月26日在青石县第十四届人民代表大会第五次会议上 县长 林某", some("林某")),
        ("县长 林某 2031年1月26日在青石县第十四届人民代表大会第五次会议上", some("林某")),
        ("（2031年1月26日青石县第十四届人民代表大会第五次会议）", None),
        ("——在青石县第十四届人民代表大会第五次会议上的报告", None),
        ("——2031年1月26日在青石县第十四届人民代表大会第五次会议上县长林某", some("林某")),
    ] {
        let mut reader = FrontReader::default();
        let line = LineText::from_text(text);
        reader.read_head_line(&line, &HeadLineKind::of(&line));
        let front = reader.finish(None);
        assert_eq!(front.occasion.map(|field| field.text.to_string()), occasion, "{text}");
        assert_eq!(front.speaker.map(|field| field.text.to_string()), speaker, "{text}");
    }
}

#[test]
fn an_office_may_stand_above_the_name() {
    for (lines, office) in
        [(["县　长", "林大山"], Some("县　长")), (["中共青石县委书记", "林大山"], Some("中共青石县委书记")), (["水利", "林大山"], None)]
    {
        let mut reader = FrontReader::default();
        for text in lines {
            let line = LineText::from_text(text);
            reader.read_head_line(&line, &HeadLineKind::of(&line));
        }
        let front = reader.finish(None);
        assert_eq!(front.speaker.map(|field| field.text.to_string()), some("林大山"));
        assert_eq!(front.office.map(|field| field.text.to_string()).as_deref(), office);
    }
}

#[test]
fn places_and_speakers_follow_dates() {
    let cases = [
        ("（2031年1月18日　青石县礼堂）", "青石县礼堂", ""),
        ("（2031年1月18日，莫斯科）", "莫斯科", ""),
        ("（2031年9月9日　于青石）", "青石", ""),
        ("（2031年1月18日　张三）", "", "张三"),
        ("（2031年1月18日　根据录音整理）", "", ""),
        ("2031年1月18日　编者按", "", ""),
        ("2031年1月18日国务院发布", "", ""),
        ("2031年1月18日　国务院办公厅", "", ""),
    ];
    for (text, place, speaker) in cases {
        let mut reader = FrontReader::default();
        let line = LineText::from_text(text);
        reader.read_head_line(&line, &HeadLineKind::of(&line));
        let front = reader.finish(None);
        let got = [front.place, front.speaker].map(|field| field.map(|field| field.text.to_string()).unwrap_or_default());
        assert_eq!(got, [place, speaker], "{text}");
    }
}

#[test]
fn a_bare_number_is_that_of_an_order() {
    for (title, number) in [("青石县人民政府令", Some("第12号")), ("青石县塘坝管理办法", None)] {
        let mut reader = FrontReader::default();
        reader.read_title(&LineText::from_text(title));
        let line = LineText::from_text("第12号");
        reader.read_head_line(&line, &HeadLineKind::of(&line));
        assert_eq!(reader.finish(None).number.map(|field| field.text.to_string()).as_deref(), number, "{title}");
    }
}

#[test]
fn head_lines_and_notes_are_read() {
    let mut reader = FrontReader::default();
    for text in ["青政发〔2031〕12号", "——2031年1月26日在青石县人民代表大会第五次会议上", "县长　张三", "会议地点：县礼堂"]
    {
        let line = LineText::from_text(text);
        reader.read_head_line(&line, &HeadLineKind::of(&line));
    }
    reader.read_salutation(&LineText::from_text("各位代表："));
    assert_eq!(reader.date.as_deref(), Some("2031-01-26"));
    let front = reader.finish(None);
    let texts = front.fields().map(|(_, field)| field.map(|field| field.text.to_string()).unwrap_or_default());
    assert_eq!(
        texts,
        [
            "2031年1月26日在青石县人民代表大会第五次会议上",
            "张三",
            "县长",
            "青石县人民代表大会第五次会议",
            "县礼堂",
            "青政发〔2031〕12号",
            "各位代表",
            ""
        ]
    );
    let mut reader = FrontReader::default();
    for text in ["（1996年9月5日 青政发〔1996〕37号）", "时间：3月1日　地点：县礼堂", "—2031年1月26日在中共青石县代表大会上　书记　那日苏"]
    {
        let line = LineText::from_text(text);
        reader.read_head_line(&line, &HeadLineKind::of(&line));
    }
    let front = reader.finish(None);
    let texts = front.fields().map(|(_, field)| field.map(|field| field.text.to_string()).unwrap_or_default());
    assert_eq!(texts[1..6], ["那日苏", "书记", "中共青石县代表大会", "县礼堂", "青政发〔1996〕37号"]);
    let mut reader = FrontReader::default();
    for text in ["作者：李四　　发表于 2031-5-6 12:00", "职务：县长", "〔2031〕12号"] {
        let line = LineText::from_text(text);
        reader.read_head_line(&line, &HeadLineKind::of(&line));
    }
    let front = reader.finish(None);
    let texts = front.fields().map(|(_, field)| field.map(|field| field.text.to_string()).unwrap_or_default());
    assert_eq!(texts[1..6], ["李四", "县长", "", "", "〔2031〕12号"]);
    let mut reader = FrontReader::default();
    reader.read_note(&LineText::from_text("以下是財政司司長陳某某今日（三月五日）在青石商會午餐會的致辭全文："));
    let front = reader.finish(None);
    let texts = front.fields().map(|(_, field)| field.map(|field| field.text.to_string()).unwrap_or_default());
    assert_eq!(texts[1..4], ["陳某某", "財政司司長", "青石商會午餐會"]);
    let mut reader = FrontReader::default();
    let line = LineText::from_text("【撰文：註冊中醫師許某某】");
    reader.read_head_line(&line, &HeadLineKind::of(&line));
    let front = reader.finish(None);
    let texts = front.fields().map(|(_, field)| field.map(|field| field.text.to_string()).unwrap_or_default());
    assert_eq!(texts[1..3], ["許某某", "註冊中醫師"]);
    let mut reader = FrontReader::default();
    reader.read_note(&LineText::from_text("*这是张三同志在青石县文件起草组会议上讲话的一部分。"));
    let front = reader.finish(None);
    assert_eq!(front.speaker.map(|field| field.text.to_string()), some("张三"));
    assert_eq!(front.occasion.map(|field| field.text.to_string()), some("青石县文件起草组会议"));
    for (text, occasion) in [
        ("*这是张三同志写给青石县委各同志的信。", None),
        ("*这是张三同志访问白水县期间在白水县水利座谈会上的讲话，原题为《治水》。", some("白水县水利座谈会")),
        ("*这是张三同志在青石县委举办的水利讲座上的讲话。", some("青石县委举办的水利讲座")),
    ] {
        let mut reader = FrontReader::default();
        reader.read_note(&LineText::from_text(text));
        let front = reader.finish(None);
        assert_eq!(front.speaker.map(|field| field.text.to_string()), some("张三"), "{text}");
        assert_eq!(front.occasion.map(|field| field.text.to_string()), occasion, "{text}");
    }
}

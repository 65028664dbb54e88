//! Pairs the letters of two texts: blocks that both have once, lines that were moved, and a diff of
//! what lies between.

use super::super::pairs::pairs;
use super::{
    blocks::{split_by_order, unique_blocks},
    folded_text::FoldedText,
    letter_map::{LetterMap, Run},
    support::supported,
};
use std::collections::BTreeMap;
use std::ops::Range;

/// From which end a diff is made: where several are equally short, the two differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DiffEnd {
    Front,
    Back,
}

/// How what lies between blocks that keep their order is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gaps {
    AsOne,
    /// The rest of the lines that have the blocks with one another first: a line that has letters of another is likely
    /// to be it.
    ///
    /// Example: of the lines `3第三题怎样学习` and `4第四题怎样落实` the first was deleted, and the second is now
    /// `4第四题先学习落实`: its first letters are not those of the first line.
    ByLines,
}

/// The pairs of letters of two texts.
#[derive(Debug)]
pub(super) struct Alignment {
    /// The pairs, with diffs from the front and from the back; then those with the parts of lines next to what keeps its
    /// order compared first.
    pub(super) maps: Vec<LetterMap>,
    /// Lines of the old text that the new one has elsewhere, whole.
    pub(super) whole_lines: Vec<Run>,
    /// Blocks elsewhere that are less than a line: they may be moved or copied.
    pub(super) fragments: Vec<Run>,
}

/// A line that was moved.
struct MovedLine {
    /// Its letters.
    old: Range<usize>,
    /// Where its letters are now.
    new: Range<usize>,
    /// Number of its letters there.
    score: usize,
}

/// Chars of a moved line's surroundings that may belong to it, beside half of its length.
const SLACK: usize = 16;

/// Letters next to a moved line that may have joined it.
const MAX_JOINED: usize = 64;
/// Letters next to one another of them that are no chance.
const MIN_JOINED: usize = 6;

impl Alignment {
    pub(super) fn new(old: &FoldedText, new: &FoldedText) -> Self {
        let (ordered, elsewhere) = split_by_order(trim_at_lines(unique_blocks(&old.letters, &new.letters), old));
        // What each line has where it was decides whether a block elsewhere is the line or a copy.
        let mut in_place = LetterMap::new(old.letters.len(), new.letters.len());
        for block in &ordered {
            in_place.pair_run(*block);
        }
        fill_gaps(&mut in_place, &ordered, (old, new), (DiffEnd::Front, Gaps::AsOne));
        let kept = supported(&in_place, &[]);
        // Pairs without support are chance.
        for (letter, _) in kept.iter().enumerate().filter(|(_, kept)| !**kept) {
            in_place.part(letter);
        }
        let moved = moved_lines(&elsewhere, &ordered, &in_place, old, new);
        let whole_lines = moved_whole_lines(&moved, &in_place, old, new);
        let is_moved = |block: &&Run| moved.iter().any(|line| line.old.start < block.old + block.len && block.old < line.old.end);
        let mut fragments: Vec<Run> = elsewhere.iter().filter(|block| !is_moved(block)).copied().collect();
        fragments.extend(repeated_lines(&moved, &in_place, old, new));
        let ways = [Gaps::AsOne, Gaps::ByLines].into_iter().flat_map(|gaps| [(DiffEnd::Front, gaps), (DiffEnd::Back, gaps)]);
        let map = |(end, gaps)| {
            let mut map = LetterMap::new(old.letters.len(), new.letters.len());
            for run in ordered.iter().chain(&whole_lines) {
                map.pair_run(*run);
            }
            for line in &moved {
                diff_into(&mut map, line.old.clone(), line.new.clone(), old, new, end);
            }
            fill_gaps(&mut map, &ordered, (old, new), (end, gaps));
            for line in &moved {
                pair_joined(&mut map, &line.old, old, new);
            }
            extend_supported(&mut map, &whole_lines, old, new);
            map
        };
        let mut maps: Vec<LetterMap> = Vec::new();
        for map in ways.map(map) {
            if !maps.contains(&map) {
                maps.push(map);
            }
        }
        Self { maps, whole_lines, fragments }
    }
}

/// Blocks without the first letters of a line that is not in them, and the last ones: lines often begin
/// and end alike, and another may have come before or after.
fn trim_at_lines(blocks: Vec<Run>, old: &FoldedText) -> Vec<Run> {
    const MAX_ALIKE: usize = 6;
    let trimmed = |block: Run| {
        let mut block = block;
        let end = block.old + block.len;
        if let Some(line) = old.lines.get(old.line_of(end - 1))
            && end < line.end
            && line.start > block.old
            && end - line.start <= MAX_ALIKE
        {
            block.len = line.start - block.old;
        }
        if let Some(line) = old.lines.get(old.line_of(block.old))
            && line.start < block.old
            && line.end < block.old + block.len
            && line.end - block.old <= MAX_ALIKE
        {
            let by = line.end - block.old;
            block = Run { old: block.old + by, new: block.new + by, len: block.len - by };
        }
        block
    };
    blocks.into_iter().map(trimmed).collect()
}

/// Lets pairs that stand grow over their neighbours that are alike, also where a diff had paired these
/// by chance with something else.
fn extend_supported(map: &mut LetterMap, whole_lines: &[Run], old: &FoldedText, new: &FoldedText) {
    let kept = supported(map, whole_lines);
    let chance: Vec<(usize, usize)> =
        (0..kept.len()).filter(|letter| !kept[*letter]).filter_map(|letter| Some((letter, map.new_of(letter)?))).collect();
    for (letter, _) in &chance {
        map.part(*letter);
    }
    for run in map.runs() {
        // Within the line: what follows there follows in the new text, too, if it is the same.
        let line = old.lines.get(old.line_of(run.old)).map_or(run.old, |line| line.start);
        for step in 1..=run.old.saturating_sub(line).min(run.new) {
            let (from, to) = (run.old - step, run.new - step);
            if map.new_of(from).is_some() || map.old_of(to).is_some() || old.letters[from] != new.letters[to] {
                break;
            }
            map.pair(from, to);
        }
        let end = run.old + run.len;
        let line = old.lines.get(old.line_of(end - 1)).map_or(end, |line| line.end);
        for step in 0..line.saturating_sub(end).min(new.letters.len().saturating_sub(run.new + run.len)) {
            let (from, to) = (end + step, run.new + run.len + step);
            if map.new_of(from).is_some() || map.old_of(to).is_some() || old.letters[from] != new.letters[to] {
                break;
            }
            map.pair(from, to);
        }
    }
    for (letter, place) in chance {
        map.pair(letter, place);
    }
}

/// Pairs what lies between blocks that keep their order, in order.
fn fill_gaps(map: &mut LetterMap, ordered: &[Run], (old, new): (&FoldedText, &FoldedText), (end, gaps): (DiffEnd, Gaps)) {
    let (mut old_at, mut new_at) = (0, 0);
    let last = Run { old: old.letters.len(), new: new.letters.len(), len: 0 };
    for block in ordered.iter().chain([&last]) {
        let (ours, theirs) = (old_at..block.old, new_at..block.new);
        if gaps == Gaps::ByLines
            && let (Some([our_head, our_tail]), Some([their_head, their_tail])) = (old.parts_of_lines(&ours), new.parts_of_lines(&theirs))
        {
            diff_into(map, our_head, their_head, old, new, end);
            diff_into(map, our_tail, their_tail, old, new, end);
        }
        diff_into(map, ours, theirs, old, new, end);
        (old_at, new_at) = (block.old + block.len, block.new + block.len);
    }
}

/// Pairs runs of letters next to a moved line that have no counterpart and are next to it in both texts: they have joined it.
///
/// Example: of the lines `没有开展主题党日` and `2.组织覆盖`, the first was moved with the second and is `没有开展主2.组织覆盖` now.
fn pair_joined(map: &mut LetterMap, line: &Range<usize>, old: &FoldedText, new: &FoldedText) {
    let mut paired = line.clone().filter_map(|letter| Some((letter, map.new_of(letter)?)));
    let Some(first) = paired.next() else { return };
    let last = paired.next_back().unwrap_or(first);
    // The letters without a counterpart from a pair on, in both texts.
    let before = |map: &LetterMap| {
        let ours = (0..first.0).rev().take(MAX_JOINED).take_while(|letter| map.new_of(*letter).is_none()).count();
        let theirs = (0..first.1).rev().take(MAX_JOINED).take_while(|letter| map.old_of(*letter).is_none()).count();
        (first.0 - ours..first.0, first.1 - theirs..first.1)
    };
    let after = |map: &LetterMap| {
        let ours = (last.0 + 1..old.letters.len()).take(MAX_JOINED).take_while(|letter| map.new_of(*letter).is_none()).count();
        let theirs = (last.1 + 1..new.letters.len()).take(MAX_JOINED).take_while(|letter| map.old_of(*letter).is_none()).count();
        (last.0 + 1..last.0 + 1 + ours, last.1 + 1..last.1 + 1 + theirs)
    };
    for (ours, theirs) in [before(map), after(map)] {
        let found = pairs(&old.letters[ours.clone()], &new.letters[theirs.clone()]);
        let runs = found.chunk_by(|one, other| one.0 + 1 == other.0 && one.1 + 1 == other.1).filter(|run| run.len() >= MIN_JOINED);
        for (one, other) in runs.flatten().filter(|(one, _)| !line.contains(&(ours.start + one))) {
            map.pair(ours.start + one, theirs.start + other);
        }
    }
}

/// Pairs the letters of two stretches that have no counterpart yet, by a diff.
pub(super) fn diff_into(
    map: &mut LetterMap,
    old_range: Range<usize>,
    new_range: Range<usize>,
    old: &FoldedText,
    new: &FoldedText,
    end: DiffEnd,
) {
    let mut ours: Vec<usize> = old_range.filter(|letter| map.new_of(*letter).is_none()).collect();
    let mut theirs: Vec<usize> = new_range.filter(|letter| map.old_of(*letter).is_none()).collect();
    if ours.is_empty() || theirs.is_empty() {
        return;
    }
    if end == DiffEnd::Back {
        ours.reverse();
        theirs.reverse();
    }
    let our_letters: Vec<char> = ours.iter().map(|letter| old.letters[*letter]).collect();
    let their_letters: Vec<char> = theirs.iter().map(|letter| new.letters[*letter]).collect();
    for (one, other) in pairs(&our_letters, &their_letters) {
        map.pair(ours[one], theirs[other]);
    }
}

/// The lines that blocks show elsewhere, and of which hardly anything is where it was.
fn moved_lines(elsewhere: &[Run], ordered: &[Run], in_place: &LetterMap, old: &FoldedText, new: &FoldedText) -> Vec<MovedLine> {
    // Per line, its longest block and the letters of all blocks on about the same diagonal.
    let mut longest: BTreeMap<usize, Run> = BTreeMap::new();
    for block in elsewhere {
        let mut rest = *block;
        while rest.len > 0 {
            let index = old.line_of(rest.old);
            let Some(line) = old.lines.get(index) else { break };
            let len = rest.len.min(line.end - rest.old);
            let part = Run { len, ..rest };
            longest.entry(index).and_modify(|best| *best = if part.len > best.len { part } else { *best }).or_insert(part);
            rest = Run { old: rest.old + len, new: rest.new + len, len: rest.len - len };
        }
    }
    let mut found: Vec<MovedLine> = Vec::new();
    for (index, block) in longest {
        let Some(line) = old.lines.get(index).cloned() else { continue };
        let window = window_around(&line, block, ordered, new.letters.len());
        let mut local = LetterMap::new(line.len(), window.len());
        for (one, other) in pairs(&old.letters[line.clone()], &new.letters[window.clone()]) {
            local.pair(one, other);
        }
        let kept = supported(&local, &[]);
        let paired: Vec<usize> =
            (0..line.len()).filter(|letter| kept[*letter]).filter_map(|letter| local.new_of(letter)).map(|at| window.start + at).collect();
        let here = line.clone().filter(|letter| in_place.new_of(*letter).is_some()).count();
        let (Some(first), Some(last)) = (paired.first(), paired.last()) else { continue };
        // Another line stands where it was, and this one is like it.
        let taken = (*first..=*last).filter(|at| in_place.old_of(*at).is_some_and(|old| !line.contains(&old))).count();
        // Whole, it is this line, however like it the other is, unless that is the same.
        let is_whole = paired.len() == line.len()
            && last - first + 1 == line.len()
            && taken < line.len()
            && new.is_of_whole_lines(&(*first..*last + 1));
        if 2 * paired.len() >= line.len() && is_hardly_any(here, paired.len()) && (is_whole || 3 * taken <= paired.len()) {
            found.push(MovedLine { new: *first..*last + 1, score: paired.len(), old: line });
        }
    }
    // Each place takes the line that has most there.
    found.sort_by(|a, b| b.score.cmp(&a.score).then(a.old.start.cmp(&b.old.start)));
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    found.retain(|line| {
        let is_free = taken.range(..line.new.end).next_back().is_none_or(|(_, end)| *end <= line.new.start);
        if is_free {
            taken.insert(line.new.start, line.new.end);
        }
        is_free
    });
    found
}

/// Whether so few letters of a line are where it was that the others elsewhere are the line.
fn is_hardly_any(here: usize, elsewhere: usize) -> bool {
    here <= 3.max(elsewhere * 3 / 20) && 3 * here <= elsewhere
}

/// Where a line may be that has this block elsewhere: not across what keeps its order.
fn window_around(line: &Range<usize>, block: Run, ordered: &[Run], len: usize) -> Range<usize> {
    let slack = SLACK + line.len() / 2;
    let start = block.new.saturating_sub(block.old - line.start + slack);
    let end = (block.new + (line.end - block.old) + slack).min(len);
    let next = ordered.partition_point(|other| other.new < block.new);
    let floor = next.checked_sub(1).map_or(0, |before| ordered[before].new + ordered[before].len);
    let ceiling = ordered.get(next).map_or(len, |after| after.new);
    start.max(floor).min(block.new)..end.min(ceiling).max(block.new + block.len)
}

/// Lines of the new text that are whole lines of the old one, of several that are equal, and have no counterpart: they were not
/// put in, whichever of these they are.
///
/// Example: of `标题`, `导语`, `标题`, `一、要办`, `第一`, is left `标题`, `导语`, `标题`, `第一`: the title is not what 一、要办 became.
fn repeated_lines(moved: &[MovedLine], in_place: &LetterMap, old: &FoldedText, new: &FoldedText) -> Vec<Run> {
    let mut lines: BTreeMap<&[char], Vec<usize>> = BTreeMap::new();
    for line in old.lines.iter().filter(|line| line.len() >= MIN_JOINED) {
        lines.entry(&old.letters[line.clone()]).or_default().push(line.start);
    }
    let is_free = |line: &&Range<usize>| {
        let is_taken = moved.iter().any(|moved| moved.new.start < line.end && line.start < moved.new.end);
        !is_taken && 3 * (line.start..line.end).filter(|letter| in_place.old_of(*letter).is_some()).count() <= line.len()
    };
    let equal = |line: &Range<usize>| lines.get(&new.letters[line.clone()]).filter(|equal| equal.len() > 1).cloned().unwrap_or_default();
    let runs = |line: &Range<usize>| equal(line).into_iter().map(|start| Run { old: start, new: line.start, len: line.len() }).collect();
    new.lines.iter().filter(is_free).flat_map(|line| -> Vec<Run> { runs(line) }).collect()
}

/// The lines that are whole elsewhere, once among what has no counterpart in both texts.
fn moved_whole_lines(moved: &[MovedLine], in_place: &LetterMap, old: &FoldedText, new: &FoldedText) -> Vec<Run> {
    let mut taken: Vec<bool> = vec![false; new.letters.len()];
    for line in moved {
        taken[line.new.clone()].fill(true);
    }
    let starts: Vec<usize> = {
        let mut starts: Vec<usize> = moved.iter().map(|line| line.old.start).collect();
        starts.sort_unstable();
        starts
    };
    let mut ours: BTreeMap<&[char], Vec<Range<usize>>> = BTreeMap::new();
    for line in &old.lines {
        let here = line.clone().filter(|letter| in_place.new_of(*letter).is_some()).count();
        if starts.binary_search(&line.start).is_err() && is_hardly_any(here, line.len()) && 3 * here <= line.len() {
            ours.entry(&old.letters[line.clone()]).or_default().push(line.clone());
        }
    }
    // What is paired with letters of a line that is gone is chance.
    let gone: Vec<bool> =
        old.lines.iter().map(|line| 3 * line.clone().filter(|letter| in_place.new_of(*letter).is_some()).count() <= line.len()).collect();
    let is_gone = |line: usize| gone.get(line).copied().unwrap_or(false);
    let mut theirs: BTreeMap<&[char], Vec<Range<usize>>> = BTreeMap::new();
    for line in &new.lines {
        let origins = line.clone().filter_map(|letter| in_place.old_of(letter));
        let from = origins.filter(|origin| !is_gone(old.line_of(*origin))).count();
        if 3 * from <= line.len() && !line.clone().any(|letter| taken[letter]) {
            theirs.entry(&new.letters[line.clone()]).or_default().push(line.clone());
        }
    }
    let mut runs = Vec::new();
    for (letters, places) in ours {
        if let ([from], Some([to])) = (&places[..], theirs.get(letters).map(|places| &places[..])) {
            runs.push(Run { old: from.start, new: to.start, len: letters.len() });
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use crate::anchor::test_help::{AFTER, BEFORE, OTHER, words_found};

    #[test]
    fn a_passage_on_a_moved_line_takes_nothing_of_the_line_that_joined_it() {
        let (first, second) = ("去年下半年随机抽查六十个支部，有十一个支部连续三个月没有开展主题党日，占18.3%。", "2.组织覆盖还有“空白”");
        let quote = "三个月没有开展主题党日，占18.";
        let old = format!("{OTHER}。\n{BEFORE}。\n{first}\n{second}\n全区共有骑手八千多人，{AFTER}。\n");
        let joined = first.replace("题党日，占18.3%。", "");
        let new = format!("{joined}{second}\n{OTHER}。\n{BEFORE}。\n{AFTER}。\n");
        let found = words_found(&old, quote, &new);
        assert!(found.as_ref().is_none_or(|words| words == "三个月没有开展主"), "{found:?}");
    }

    #[test]
    fn a_passage_that_lost_its_first_line_takes_nothing_of_a_title_that_was_moved_there() {
        let (title, heading) = ("在玉带市人才工作推进会上的讲话", "一、把位置摆正，树牢人才引领发展的理念");
        let next = format!("第一，要算大账。{AFTER}。");
        let old = format!("{title}\n{BEFORE}\n{title}\n{OTHER}。\n{heading}\n{next}\n");
        let new = format!("{title}\n{BEFORE}\n{OTHER}。\n{title}\n{next}\n");
        let found = words_found(&old, "人才引领发展的理念\n第一，要算大账。各乡镇要拿出", &new);
        assert!(found.as_ref().is_none_or(|words| words.starts_with("第一")), "{found:?}");
    }
}

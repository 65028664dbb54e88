//! Blocks that both texts have once: the fixed points of a comparison.

use super::letter_map::Run;

/// Length in letters of a string that is not in two texts by chance, if each has it once.
pub(super) const BLOCK_LETTERS: usize = 12;

/// The stretches made of strings of [`BLOCK_LETTERS`] letters that are in each text exactly once, in
/// the order of the old text.
pub(super) fn unique_blocks(old: &[char], new: &[char]) -> Vec<Run> {
    let (ours, theirs) = (unique_strings(old), unique_strings(new));
    let mut theirs = theirs.into_iter().peekable();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (hash, at) in ours {
        while theirs.next_if(|(other, _)| *other < hash).is_some() {}
        if let Some((_, there)) = theirs.next_if(|(other, _)| *other == hash)
            && old[at..at + BLOCK_LETTERS] == new[there..there + BLOCK_LETTERS]
        {
            pairs.push((at, there));
        }
    }
    pairs.sort_unstable();
    let mut blocks: Vec<Run> = Vec::new();
    for (at, there) in pairs {
        match blocks.last_mut() {
            // On the same diagonal, and nothing different between.
            Some(last)
                if last.old + there == last.new + at
                    && (at <= last.old + last.len || old[last.old + last.len..at] == new[last.new + last.len..there]) =>
            {
                last.len = at + BLOCK_LETTERS - last.old;
            }
            _ => blocks.push(Run { old: at, new: there, len: BLOCK_LETTERS }),
        }
    }
    // Two strings overlap in one text and not in the other: the letters shared belong to the first.
    trim_overlaps(&mut blocks);
    blocks
}

/// The hashes of the strings that a text has once, sorted, each with its place.
fn unique_strings(letters: &[char]) -> Vec<(u64, usize)> {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |hash: u64, c: char| (hash.rotate_left(5) ^ u64::from(u32::from(c))).wrapping_mul(FACTOR);
    let hash = |string: &[char]| string.iter().fold(0, |hash, c| mix(hash, *c));
    let mut all: Vec<(u64, usize)> = letters.windows(BLOCK_LETTERS).enumerate().map(|(at, string)| (hash(string), at)).collect();
    all.sort_unstable();
    let is_unique =
        |index: usize| (index == 0 || all[index - 1].0 != all[index].0) && all.get(index + 1).is_none_or(|next| next.0 != all[index].0);
    (0..all.len()).filter(|index| is_unique(*index)).map(|index| all[index]).collect()
}

fn trim_overlaps(blocks: &mut Vec<Run>) {
    let mut end = 0;
    for block in blocks.iter_mut() {
        cut_front(block, end.max(block.old) - block.old);
        end = end.max(block.old + block.len);
    }
    blocks.sort_unstable_by_key(|block| block.new);
    end = 0;
    for block in blocks.iter_mut() {
        cut_front(block, end.max(block.new) - block.new);
        end = end.max(block.new + block.len);
    }
    blocks.retain(|block| block.len > 0);
    blocks.sort_unstable_by_key(|block| block.old);
}

fn cut_front(block: &mut Run, by: usize) {
    let by = by.min(block.len);
    *block = Run { old: block.old + by, new: block.new + by, len: block.len - by };
}

/// Splits blocks into those that keep their order in both texts (as many letters as possible) and the
/// others.
pub(super) fn split_by_order(blocks: Vec<Run>) -> (Vec<Run>, Vec<Run>) {
    let mut by_new: Vec<usize> = (0..blocks.len()).collect();
    by_new.sort_unstable_by_key(|index| blocks[*index].new);
    let mut rank = vec![0; blocks.len()];
    for (position, index) in by_new.iter().enumerate() {
        rank[*index] = position;
    }
    // The heaviest chain that ends at each block: the maximum over those of smaller rank, in a
    // binary indexed tree.
    let mut tree: Vec<(usize, usize)> = vec![(0, usize::MAX); blocks.len() + 1];
    let mut previous = vec![usize::MAX; blocks.len()];
    let mut best = (0, usize::MAX);
    for (index, block) in blocks.iter().enumerate() {
        let mut longest = (0, usize::MAX);
        let mut node = rank[index];
        while node > 0 {
            longest = longest.max_by_weight(tree[node]);
            node &= node - 1;
        }
        previous[index] = longest.1;
        let chain = (longest.0 + block.len, index);
        best = best.max_by_weight(chain);
        let mut node = rank[index] + 1;
        while node < tree.len() {
            tree[node] = tree[node].max_by_weight(chain);
            node += node & node.wrapping_neg();
        }
    }
    let mut in_order = vec![false; blocks.len()];
    let mut index = best.1;
    while let Some(flag) = in_order.get_mut(index) {
        *flag = true;
        index = previous[index];
    }
    let (ordered, moved): (Vec<_>, Vec<_>) = blocks.into_iter().zip(in_order).partition(|(_, in_order)| *in_order);
    let runs = |list: Vec<(Run, bool)>| list.into_iter().map(|(run, _)| run).collect();
    (runs(ordered), runs(moved))
}

trait MaxByWeight {
    fn max_by_weight(self, other: Self) -> Self;
}

impl MaxByWeight for (usize, usize) {
    fn max_by_weight(self, other: Self) -> Self {
        if other.0 > self.0 { other } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn unique_blocks_are_found_and_split_by_order() {
        let (a, b, c) =
            ("加强干部队伍建设要从源头抓起不放", "推进乡村全面振兴是一篇大文章要写好它的每一章", "把人才放在心上用当其时各展其能不负时代");
        let (old, new) = (letters(&format!("{a}{b}{c}")), letters(&format!("{b}{a}{c}")));
        let blocks = unique_blocks(&old, &new);
        let text = |run: &Run| old[run.old_range()].iter().collect::<String>();
        assert_eq!(blocks.iter().map(text).collect::<Vec<_>>(), [a, b, c]);
        let (ordered, moved) = split_by_order(blocks);
        assert_eq!(ordered.iter().map(text).collect::<Vec<_>>(), [b, c], "the longer ones stay");
        assert_eq!(moved.iter().map(text).collect::<Vec<_>>(), [a]);
        let twice = letters(&format!("{a}{c}{a}"));
        assert_eq!(unique_blocks(&old, &twice).iter().map(text).collect::<Vec<_>>(), [c], "a copy has no place of its own");
    }
}

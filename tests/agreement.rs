//! Agreement is what krippendorff and scikit-learn make of the same ratings, on 100 random
//! matrices; `tests/agreement/matrices.py` writes them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use pizhu_annotation::agreement::Rating;
use pizhu_annotation::agreement::cohen_kappa;
use pizhu_annotation::agreement::krippendorff_alpha;
use pizhu_annotation::agreement::measure;

fn equal(ours: Option<f64>, theirs: &str) -> bool {
    match (ours, theirs) {
        (None, "undefined") => true,
        (Some(ours), theirs) => theirs.parse::<f64>().is_ok_and(|theirs| (ours - theirs).abs() < 1e-9),
        _ => false,
    }
}

#[test]
fn alpha_and_kappa_are_those_of_the_libraries() {
    let (mut count, mut undefined) = (0, 0);
    for line in include_str!("agreement/matrices.tsv").lines() {
        let [rows, alpha, kappa] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let rows: Vec<Vec<Rating>> = rows.split('/').map(|row| row.chars().map(|c| c.to_digit(10)).collect()).collect();
        assert!(equal(krippendorff_alpha(&rows), alpha), "α is {:?}: {line}", krippendorff_alpha(&rows));
        let ours = cohen_kappa(&rows[0], &rows[1]);
        assert!(equal(ours, kappa), "κ is {ours:?}: {line}");
        let all = measure(&rows);
        assert_eq!((all.alpha, all.kappa), (krippendorff_alpha(&rows), ours.filter(|_| rows.len() == 2)));
        count += 1;
        undefined += usize::from(alpha == "undefined") + usize::from(kappa == "undefined");
    }
    assert!(count == 100 && undefined >= 10, "{count} {undefined}");
}

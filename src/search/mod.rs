//! A query into a matcher, a matcher over one text into hits.

//! The interface's words in simplified Chinese, traditional Chinese and English.

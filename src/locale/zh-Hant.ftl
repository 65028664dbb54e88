# The interface in traditional Chinese. The three files hold the same messages in the same order.

## The program and its screens

app-name = 批註
context-library = 文庫
context-reader = 正文
context-outline = 提綱
context-picker = 選擇
context-editor = 批語
context-help = 說明
context-annotations = 批註清單
context-prompt = 輸入列
topic-motion = 移動
topic-outline = 提綱與摺疊
topic-select = 選取與複製
topic-annotate = 標籤與批語
topic-search = 尋找
topic-library = 文庫
topic-application = 程式
topic-entry = 輸入
table-keys = 按鍵
table-where = 何處
table-does = 作用

## Status line

status-mode-read = 閱讀
status-mode-select = 選取
status-mode-outline = 提綱
status-mode-library = 文庫
status-reading = 正在讀入……
status-scanning = 正在檢視資料夾：{ $count }
status-pending = 待存 { $count }
status-saved = 已儲存
status-read-only = 唯讀
status-replaced = { $count } 處無法解碼
status-matches = { $index }/{ $count }
status-selected = 已選 { $count } 字
status-provisional = 提綱待定
too-small = 視窗太小：至少要 { $width }×{ $height }

## Library

library-title = 文庫 { $path }
library-samples = 內建範例
library-count = { $count } 篇
library-column-title = 題目
library-column-date = 日期
library-column-tags = 標籤
library-column-read = 已讀
library-column-size = 字數
library-column-encoding = 編碼
library-unread = 未讀
library-undated = 無日期
library-none-fit = 沒有符合「{ $filter }」的講話
library-empty-hint = 這裡沒有講話。把 txt、md、docx、html、epub 檔案放進來，或用 pizhu 資料夾 開啟別處。
sort-title = 按題目排序
sort-date = 按日期排序
sort-path = 按路徑排序
sort-size = 按長短排序
sort-read = 按進度排序
sort-opened = 最近讀的在前

## Prompts

prompt-search = 尋找
prompt-search-back = 往前尋找
prompt-command = 百分比、行、段落路徑或命令
prompt-outline-filter = 篩選提綱
prompt-library-filter = 篩選文庫
prompt-tag = 標籤
prompt-palette = 命令
prompt-annotation = 哪一條批註
picker-create = 新增
picker-hint = 輸入篩選 · Tab 多選 · Enter 確定 · Esc 取消
picker-none = 沒有符合的
note-title = 批語
note-placeholder = 在此寫批語
note-hint = Ctrl-S 儲存 · Esc 取消 · Enter 換行

## Outline and text

outline-empty = 沒有編號的段落
outline-untitled = （無題）
boilerplate-label = 頁面文字
restored-label = （復原）

## Annotations

annotations-title = 批註 { $count }
annotation-section = 整段
annotation-passage = 選段
annotation-untagged = 無標籤
anchor-exact = 原處
anchor-moved = 已移位
anchor-changed = 文字有變
anchor-review = 待核對
anchor-orphaned = 原文已無
tag-color = 顏色 { $number }

## Help and first run

help-title = 說明
help-hint = j k 捲動 · q 關閉
help-here = 此處可用
help-elsewhere = 別處可用
welcome-title = 六步上手
welcome-read = j k 或方向鍵讀下去，空白鍵翻頁，]s [s 到下一段、上一段
welcome-outline = Tab 到左邊提綱，Enter 到那一段
welcome-tag = t 為游標所在的段落或選區加標籤
welcome-note = s 選句，a 寫批語
welcome-export = pizhu export --format markdown 匯出
welcome-help = F1 看全部按鍵，q 離開

## Notices: what was done

notice-saved = 已儲存
notice-tagged = 已加標籤：{ $tags }
notice-untagged = 已移除標籤：{ $tags }
notice-noted = 批語已寫
notice-deleted = 批註已刪除，u 復原
notice-undone = 已復原
notice-redone = 已重做
notice-tag-created = 新標籤：{ $tag }
notice-copied = 已複製 { $count } 字
notice-column-width = 每行 { $chars } 字
notice-mark-set = 記號 { $mark } 已設
notice-boilerplate-shown = 顯示頁面文字
notice-boilerplate-hidden = 隱藏頁面文字
notice-whereabouts = { $path } 第 { $line }/{ $lines } 列，第 { $offset }/{ $length } 字
notice-theme = 主題：{ $name }
notice-language = 語言：{ $name }
notice-reloaded = 檔案已變更，重新讀入
notice-resumed = 回到上次讀到的地方

## Notices: why nothing happened

notice-no-more = 沒有了
notice-at-start = 已到開頭
notice-at-end = 已到結尾
notice-at-top-level = 已在最上層
notice-already-there = 已在此處
notice-no-next-section = 後面沒有段落了
notice-no-previous-section = 前面沒有段落了
notice-no-next-point = 後面沒有要點了
notice-no-previous-point = 前面沒有要點了
notice-no-parent-section = 沒有上一層
notice-no-next-annotation = 後面沒有批註了
notice-no-previous-annotation = 前面沒有批註了
notice-no-untagged-section = 沒有未加標籤的段落了
notice-no-children = 下面沒有段落
notice-no-sections = 這篇沒有編號的段落
notice-nothing-to-fold = 沒有可摺疊的
notice-nothing-to-unfold = 沒有可展開的
notice-no-jump-back = 沒有更早的位置
notice-no-jump-forward = 沒有更後的位置
notice-no-mark = 沒有記號 { $mark }
notice-no-find-yet = 先用 f 找一個字
notice-char-not-found = 後面沒有「{ $char }」
notice-percent-wants-count = 先輸入數字，如 42%
notice-no-search-yet = 先用 / 尋找
notice-not-found = 找不到「{ $query }」
notice-search-wrapped = 到結尾，從頭再找
notice-search-wrapped-back = 到開頭，從結尾再找
notice-no-selection = 先選取文字
notice-nothing-to-select = 這裡沒有可選的
notice-selection-largest = 已選到最大
notice-selection-smallest = 已選到最小
notice-nothing-to-drop = 沒有可取消的
notice-nothing-to-annotate = 這裡沒有可批註的
notice-nothing-to-choose = 沒有可選的
notice-still-reading = 還在讀入，稍候再為段落加標籤
notice-no-tag-yet = 還沒有加過標籤
notice-no-annotation-here = 游標處沒有批註
notice-no-annotations = 這篇還沒有批註
notice-annotation-has-no-place = 這條批註已找不到原文
notice-nothing-to-undo = 沒有可復原的
notice-nothing-to-redo = 沒有可重做的
notice-no-speech = 沒有開啟的講話
notice-library-empty = 文庫裡沒有講話
notice-how-to-quit = 按 Q 離開
notice-key-unbound = { $key } 在這裡沒有作用
notice-unknown-command = 沒有命令「{ $command }」
notice-no-such-section = 沒有段落「{ $path }」
notice-ambiguous-section = 「{ $path }」合於 { $count } 段
notice-read-only = 此處的批註只能看：{ $reason }

## Notices: what failed

notice-cannot-open = 打不開 { $path }：{ $reason }
notice-cannot-save = 無法儲存：{ $reason }
notice-cannot-copy = 無法複製：{ $reason }
notice-cannot-scan = 無法檢視資料夾 { $path }：{ $reason }
notice-bad-settings = 設定 { $path } 第 { $line } 列：{ $reason }
notice-bad-theme = 主題 { $name }：{ $reason }

## Languages

language-zh-Hans = 简体中文
language-zh-Hant = 繁體中文
language-en = English

## Commands, as help and the palette show them

command-move-down = 下一列
command-move-up = 上一列
command-move-left = 左移一字
command-move-right = 右移一字
command-row-start = 到列首
command-row-end = 到列尾
command-page-down = 下一頁
command-page-up = 上一頁
command-half-page-down = 下半頁
command-half-page-up = 上半頁
command-scroll-down = 往下捲一列
command-scroll-up = 往上捲一列
command-go-start = 到開頭，或第幾列
command-go-end = 到結尾，或第幾列
command-go-percent = 到百分之幾
command-screen-top = 到螢幕頂列
command-screen-middle = 到螢幕中列
command-screen-bottom = 到螢幕底列
command-align-top = 游標列置頂
command-align-middle = 游標列置中
command-align-bottom = 游標列置底
command-next-word = 下一個詞
command-previous-word = 上一個詞
command-word-end = 到詞尾
command-next-clause = 下一分句
command-previous-clause = 上一分句
command-next-sentence = 下一句
command-previous-sentence = 上一句
command-next-paragraph = 下一自然段
command-previous-paragraph = 上一自然段
command-next-section = 下一段
command-previous-section = 上一段
command-next-point = 下一要點
command-previous-point = 上一要點
command-next-sibling = 下一個同級段
command-previous-sibling = 上一個同級段
command-parent-section = 到上一層
command-next-annotation = 下一條批註
command-previous-annotation = 上一條批註
command-next-untagged = 下一個未加標籤的段
command-previous-untagged = 上一個未加標籤的段
command-find-char = 到後面的某字
command-find-char-back = 到前面的某字
command-repeat-find = 再找該字
command-repeat-find-back = 反向再找該字
command-set-mark = 設記號
command-go-mark = 到記號
command-jump-back = 回到先前位置
command-jump-forward = 到後來位置
command-switch-pane = 在提綱與正文間切換
command-toggle-outline = 顯示或隱藏提綱
command-outline-down = 下一條
command-outline-up = 上一條
command-outline-page-down = 下一頁
command-outline-page-up = 上一頁
command-outline-first = 第一條
command-outline-last = 最後一條
command-outline-go = 讀這一段
command-outline-open = 展開，或進入下層
command-outline-close = 摺疊，或回上層
command-outline-filter = 篩選提綱
command-outline-leave = 回正文
command-fold = 摺疊或展開
command-fold-close = 摺疊
command-fold-open = 展開
command-fold-all = 全部摺疊
command-unfold-all = 全部展開
command-toggle-boilerplate = 顯示或隱藏頁面文字
command-select-chars = 逐字選取
command-select-word = 選詞
command-select-clause = 選分句
command-select-sentence = 選句
command-select-paragraph = 選自然段
command-select-section = 選整段
command-grow-selection = 擴大選區
command-shrink-selection = 縮小選區
command-swap-ends = 到選區另一端
command-drop-selection = 取消選區
command-copy = 複製
command-copy-cited = 連出處複製
command-tag = 加標籤
command-repeat-tag = 再加上次的標籤
command-note = 寫批語
command-edit-annotation = 改批語
command-show-annotation = 看批註
command-delete-annotation = 刪除批註
command-retag-annotation = 改標籤
command-resize-annotation = 把批註移到選區
command-undo = 復原
command-redo = 重做
command-list-annotations = 批註清單
command-annotations-down = 下一條
command-annotations-up = 上一條
command-annotations-page-down = 下一頁
command-annotations-page-up = 上一頁
command-annotations-first = 第一條
command-annotations-last = 最後一條
command-annotations-go = 到原文
command-annotations-edit = 改批語
command-annotations-retag = 改標籤
command-annotations-delete = 刪除
command-search-forward = 尋找
command-search-backward = 往前尋找
command-next-match = 下一處
command-previous-match = 上一處
command-search-selection = 尋找選取的詞
command-tag-matches = 為所有命中加標籤
command-library-down = 下一篇
command-library-up = 上一篇
command-library-page-down = 下一頁
command-library-page-up = 上一頁
command-library-first = 第一篇
command-library-last = 最後一篇
command-library-open = 開啟
command-library-filter = 篩選
command-library-clear-filter = 取消篩選
command-library-sort = 換排序
command-library-rescan = 重新檢視資料夾
command-help = 說明
command-palette = 命令面板
command-command-line = 命令列
command-back = 返回
command-quit = 離開
command-interrupt = 如何離開
command-suspend = 暫停到背景
command-redraw = 重畫螢幕
command-wider = 加寬版心
command-narrower = 收窄版心
command-next-theme = 換主題
command-next-language = 換語言
command-where = 在何處
command-help-down = 往下捲
command-help-up = 往上捲
command-help-page-down = 下一頁
command-help-page-up = 上一頁
command-help-first = 到開頭
command-help-last = 到結尾
command-close = 關閉
command-accept = 確定
command-cancel = 取消
command-picker-down = 下一項
command-picker-up = 上一項
command-picker-page-down = 下一頁
command-picker-page-up = 上一頁
command-picker-toggle = 多選
command-save-note = 儲存批語
command-leave-note = 離開批語
command-note-newline = 換行
command-note-undo = 復原輸入
command-note-redo = 重做輸入
command-entry-left = 左移
command-entry-right = 右移
command-entry-word-left = 左移一詞
command-entry-word-right = 右移一詞
command-entry-home = 到列首
command-entry-end = 到列尾
command-entry-earlier = 上一條，上一列
command-entry-later = 下一條，下一列
command-entry-backspace = 刪前一字
command-entry-delete = 刪後一字
command-entry-delete-word = 刪前一詞
command-entry-delete-to-start = 刪到列首
command-entry-delete-to-end = 刪到列尾

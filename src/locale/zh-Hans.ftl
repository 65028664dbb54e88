# The interface in simplified Chinese. The three files hold the same messages in the same order.

## The program and its screens

app-name = 批注
context-library = 文库
context-reader = 正文
context-outline = 提纲
context-picker = 选择
context-editor = 批语
context-help = 帮助
context-annotations = 批注列表
context-prompt = 输入行
topic-motion = 移动
topic-outline = 提纲与折叠
topic-select = 选取与复制
topic-annotate = 标签与批语
topic-search = 查找
topic-library = 文库
topic-application = 程序
topic-entry = 输入
table-keys = 按键
table-where = 何处
table-does = 作用

## Status line

status-mode-read = 阅读
status-mode-select = 选取
status-mode-outline = 提纲
status-mode-library = 文库
status-reading = 正在读入……
status-scanning = 正在查看文件夹：{ $count }
status-pending = 待存 { $count }
status-saved = 已存
status-read-only = 只读
status-replaced = { $count } 处无法解码
status-matches = { $index }/{ $count }
status-selected = 已选 { $count } 字
status-provisional = 提纲待定
too-small = 窗口太小：至少要 { $width }×{ $height }

## Library

library-title = 文库 { $path }
library-samples = 内置样例
library-count = { $count } 篇
library-column-title = 题目
library-column-date = 日期
library-column-tags = 标签
library-column-read = 已读
library-column-size = 字数
library-column-encoding = 编码
library-unread = 未读
library-undated = 无日期
library-none-fit = 没有符合“{ $filter }”的讲话
library-empty-hint = 这里没有讲话。把 txt、md、docx、html、epub 文件放进来，或用 pizhu 文件夹 打开别处。
sort-title = 按题目排序
sort-date = 按日期排序
sort-path = 按路径排序
sort-size = 按长短排序
sort-read = 按进度排序
sort-opened = 最近读的在前

## Prompts

prompt-search = 查找
prompt-search-back = 向前查找
prompt-command = 百分比、行、段落路径或命令
prompt-outline-filter = 筛选提纲
prompt-library-filter = 筛选文库
prompt-tag = 标签
prompt-palette = 命令
prompt-annotation = 哪一条批注
picker-create = 新建
picker-hint = 输入筛选 · Tab 多选 · Enter 确定 · Esc 取消
picker-none = 没有符合的
note-title = 批语
note-placeholder = 在此写批语
note-hint = Ctrl-S 保存 · Esc 取消 · Enter 换行

## Outline and text

outline-empty = 没有编号的段落
outline-untitled = （无题）
boilerplate-label = 页面文字
restored-label = （复原）

## Annotations

annotations-title = 批注 { $count }
annotation-section = 整段
annotation-passage = 选段
annotation-untagged = 无标签
anchor-exact = 原处
anchor-moved = 已移位
anchor-changed = 文字有变
anchor-review = 待核对
anchor-orphaned = 原文已无
tag-color = 颜色 { $number }

## Help and first run

help-title = 帮助
help-hint = j k 滚动 · q 关闭
help-here = 此处可用
help-elsewhere = 别处可用
welcome-title = 六步上手
welcome-read = j k 或方向键读下去，空格翻页，]s [s 到下一段、上一段
welcome-outline = Tab 到左边提纲，Enter 到那一段
welcome-tag = t 给光标所在的段落或选区贴标签
welcome-note = s 选句，a 写批语
welcome-export = pizhu export --format markdown 导出
welcome-help = F1 看全部按键，q 退出

## Notices: what was done

notice-saved = 已保存
notice-tagged = 已贴标签：{ $tags }
notice-untagged = 已去掉标签：{ $tags }
notice-noted = 批语已写
notice-deleted = 批注已删除，u 撤销
notice-undone = 已撤销
notice-redone = 已重做
notice-tag-created = 新标签：{ $tag }
notice-copied = 已复制 { $count } 字
notice-column-width = 每行 { $chars } 字
notice-mark-set = 记号 { $mark } 已设
notice-boilerplate-shown = 显示页面文字
notice-boilerplate-hidden = 隐藏页面文字
notice-whereabouts = { $path } 第 { $line }/{ $lines } 行，第 { $offset }/{ $length } 字
notice-theme = 主题：{ $name }
notice-language = 语言：{ $name }
notice-reloaded = 文件已改，重新读入
notice-resumed = 回到上次读到的地方

## Notices: why nothing happened

notice-no-more = 没有了
notice-at-start = 已到开头
notice-at-end = 已到末尾
notice-at-top-level = 已在最上层
notice-already-there = 已在此处
notice-no-next-section = 后面没有段落了
notice-no-previous-section = 前面没有段落了
notice-no-next-point = 后面没有要点了
notice-no-previous-point = 前面没有要点了
notice-no-parent-section = 没有上一层
notice-no-next-annotation = 后面没有批注了
notice-no-previous-annotation = 前面没有批注了
notice-no-untagged-section = 没有未贴标签的段落了
notice-no-children = 下面没有段落
notice-no-sections = 这篇没有编号的段落
notice-nothing-to-fold = 没有可折叠的
notice-nothing-to-unfold = 没有可展开的
notice-no-jump-back = 没有更早的位置
notice-no-jump-forward = 没有更后的位置
notice-no-mark = 没有记号 { $mark }
notice-no-find-yet = 先用 f 找一个字
notice-char-not-found = 后面没有“{ $char }”
notice-percent-wants-count = 先输数字，如 42%
notice-no-search-yet = 先用 / 查找
notice-not-found = 找不到“{ $query }”
notice-search-wrapped = 到末尾，从头再找
notice-search-wrapped-back = 到开头，从末尾再找
notice-no-selection = 先选取文字
notice-nothing-to-select = 这里没有可选的
notice-selection-largest = 已选到最大
notice-selection-smallest = 已选到最小
notice-nothing-to-drop = 没有可取消的
notice-nothing-to-annotate = 这里没有可批注的
notice-nothing-to-choose = 没有可选的
notice-still-reading = 还在读入，稍候再给段落贴标签
notice-no-tag-yet = 还没有贴过标签
notice-no-annotation-here = 光标处没有批注
notice-no-annotations = 这篇还没有批注
notice-annotation-has-no-place = 这条批注已找不到原文
notice-nothing-to-undo = 没有可撤销的
notice-nothing-to-redo = 没有可重做的
notice-no-speech = 没有打开的讲话
notice-library-empty = 文库里没有讲话
notice-how-to-quit = 按 Q 退出
notice-key-unbound = { $key } 在这里没有作用
notice-unknown-command = 没有命令“{ $command }”
notice-no-such-section = 没有段落“{ $path }”
notice-ambiguous-section = “{ $path }”合于 { $count } 段
notice-read-only = 此处的批注只能看：{ $reason }

## Notices: what failed

notice-cannot-open = 打不开 { $path }：{ $reason }
notice-cannot-save = 存不了：{ $reason }
notice-cannot-copy = 复制不了：{ $reason }
notice-cannot-scan = 看不了文件夹 { $path }：{ $reason }
notice-bad-settings = 设置 { $path } 第 { $line } 行：{ $reason }
notice-bad-theme = 主题 { $name }：{ $reason }

## Languages

language-zh-Hans = 简体中文
language-zh-Hant = 繁體中文
language-en = English

## Commands, as help and the palette show them

command-move-down = 下一行
command-move-up = 上一行
command-move-left = 左移一字
command-move-right = 右移一字
command-row-start = 到行首
command-row-end = 到行尾
command-page-down = 下一页
command-page-up = 上一页
command-half-page-down = 下半页
command-half-page-up = 上半页
command-scroll-down = 向下滚一行
command-scroll-up = 向上滚一行
command-go-start = 到开头，或第几行
command-go-end = 到末尾，或第几行
command-go-percent = 到百分之几
command-screen-top = 到屏幕顶行
command-screen-middle = 到屏幕中行
command-screen-bottom = 到屏幕底行
command-align-top = 光标行置顶
command-align-middle = 光标行居中
command-align-bottom = 光标行置底
command-next-word = 下一个词
command-previous-word = 上一个词
command-word-end = 到词尾
command-next-clause = 下一分句
command-previous-clause = 上一分句
command-next-sentence = 下一句
command-previous-sentence = 上一句
command-next-paragraph = 下一自然段
command-previous-paragraph = 上一自然段
command-next-section = 下一段
command-previous-section = 上一段
command-next-point = 下一要点
command-previous-point = 上一要点
command-next-sibling = 下一个同级段
command-previous-sibling = 上一个同级段
command-parent-section = 到上一层
command-next-annotation = 下一条批注
command-previous-annotation = 上一条批注
command-next-untagged = 下一个未贴标签的段
command-previous-untagged = 上一个未贴标签的段
command-find-char = 到后面的某字
command-find-char-back = 到前面的某字
command-repeat-find = 再找该字
command-repeat-find-back = 反向再找该字
command-set-mark = 设记号
command-go-mark = 到记号
command-jump-back = 回到先前位置
command-jump-forward = 到后来位置
command-switch-pane = 在提纲与正文间切换
command-toggle-outline = 显示或隐藏提纲
command-outline-down = 下一条
command-outline-up = 上一条
command-outline-page-down = 下一页
command-outline-page-up = 上一页
command-outline-first = 第一条
command-outline-last = 最后一条
command-outline-go = 读这一段
command-outline-open = 展开，或进入下层
command-outline-close = 折叠，或回上层
command-outline-filter = 筛选提纲
command-outline-leave = 回正文
command-fold = 折叠或展开
command-fold-close = 折叠
command-fold-open = 展开
command-fold-all = 全部折叠
command-unfold-all = 全部展开
command-toggle-boilerplate = 显示或隐藏页面文字
command-select-chars = 逐字选取
command-select-word = 选词
command-select-clause = 选分句
command-select-sentence = 选句
command-select-paragraph = 选自然段
command-select-section = 选整段
command-grow-selection = 扩大选区
command-shrink-selection = 缩小选区
command-swap-ends = 到选区另一端
command-drop-selection = 取消选区
command-copy = 复制
command-copy-cited = 连出处复制
command-tag = 贴标签
command-repeat-tag = 再贴上次的标签
command-note = 写批语
command-edit-annotation = 改批语
command-show-annotation = 看批注
command-delete-annotation = 删除批注
command-retag-annotation = 改标签
command-resize-annotation = 把批注移到选区
command-undo = 撤销
command-redo = 重做
command-list-annotations = 批注列表
command-annotations-down = 下一条
command-annotations-up = 上一条
command-annotations-page-down = 下一页
command-annotations-page-up = 上一页
command-annotations-first = 第一条
command-annotations-last = 最后一条
command-annotations-go = 到原文
command-annotations-edit = 改批语
command-annotations-retag = 改标签
command-annotations-delete = 删除
command-search-forward = 查找
command-search-backward = 向前查找
command-next-match = 下一处
command-previous-match = 上一处
command-search-selection = 查找选中的词
command-tag-matches = 给所有命中贴标签
command-library-down = 下一篇
command-library-up = 上一篇
command-library-page-down = 下一页
command-library-page-up = 上一页
command-library-first = 第一篇
command-library-last = 最后一篇
command-library-open = 打开
command-library-filter = 筛选
command-library-clear-filter = 取消筛选
command-library-sort = 换排序
command-library-rescan = 重新查看文件夹
command-help = 帮助
command-palette = 命令面板
command-command-line = 命令行
command-back = 返回
command-quit = 退出
command-interrupt = 如何退出
command-suspend = 暂停到后台
command-redraw = 重画屏幕
command-wider = 加宽版心
command-narrower = 收窄版心
command-next-theme = 换主题
command-next-language = 换语言
command-where = 在何处
command-help-down = 向下滚
command-help-up = 向上滚
command-help-page-down = 下一页
command-help-page-up = 上一页
command-help-first = 到开头
command-help-last = 到末尾
command-close = 关闭
command-accept = 确定
command-cancel = 取消
command-picker-down = 下一项
command-picker-up = 上一项
command-picker-page-down = 下一页
command-picker-page-up = 上一页
command-picker-toggle = 多选
command-save-note = 保存批语
command-leave-note = 离开批语
command-note-newline = 换行
command-note-undo = 撤销输入
command-note-redo = 重做输入
command-entry-left = 左移
command-entry-right = 右移
command-entry-word-left = 左移一词
command-entry-word-right = 右移一词
command-entry-home = 到行首
command-entry-end = 到行尾
command-entry-earlier = 上一条，上一行
command-entry-later = 下一条，下一行
command-entry-backspace = 删前一字
command-entry-delete = 删后一字
command-entry-delete-word = 删前一词
command-entry-delete-to-start = 删到行首
command-entry-delete-to-end = 删到行尾

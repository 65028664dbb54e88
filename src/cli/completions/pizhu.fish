# fish completion for pizhu. The program answers with values, each with a description behind a tab,
# ended by a null byte; fish quotes them.
function __pizhu_complete
    set -l typed (commandline --current-token --cut-at-cursor | string collect)
    # A quote that is still open cannot be unescaped.
    set -l value (string unescape -- $typed | string collect)
    or set value (string replace --regex '^["\']' '' -- $typed | string collect)
    PIZHU_COMPLETE=fish command pizhu -- (commandline --current-process --tokenize --cut-at-cursor) "$value" 2>/dev/null | string split0
end
complete --command pizhu --keep-order --exclusive --arguments '(__pizhu_complete)'

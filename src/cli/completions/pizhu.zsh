#compdef pizhu
# zsh completion for pizhu. The program answers with pairs of a value and a line that describes it,
# each ended by a null byte; compadd quotes the values for the place of the cursor.
_pizhu() {
    local typed=$PREFIX value text
    local -a values texts folders folder_texts
    [[ -z $compstate[quote] ]] && typed=${(Q)PREFIX}
    while IFS= read -r -d '' value && IFS= read -r -d '' text; do
        if [[ $value == */ ]]; then
            folders+=("$value")
            folder_texts+=("$text")
        else
            values+=("$value")
            texts+=("$text")
        fi
    done < <(PIZHU_COMPLETE=zsh command pizhu -- "${(@Q)words[1,CURRENT-1]}" "$typed" 2>/dev/null)
    (( $#folders )) && compadd -V pizhu-folders -S '' -l -d folder_texts -a folders
    (( $#values )) && compadd -V pizhu -l -d texts -a values
    (( $#folders + $#values ))
}
# From a folder in $fpath, zsh runs the file as the function's body on the first call.
if [[ $funcstack[1] == _pizhu ]]; then
    _pizhu "$@"
else
    compdef _pizhu pizhu
fi

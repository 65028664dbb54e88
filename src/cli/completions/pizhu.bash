# bash completion for pizhu. The program answers with texts that are quoted for the place of the
# cursor, each ended by a null byte; none of them is expanded here.
_pizhu() {
    local line=${COMP_LINE:0:COMP_POINT} is_first=1 text
    COMPREPLY=()
    while IFS= read -r -d '' text; do
        if [[ $is_first ]]; then
            is_first=
            [[ $text == whole ]] && compopt +o nospace 2>/dev/null
        else
            COMPREPLY+=("$text")
        fi
    done < <(PIZHU_COMPLETE=bash command pizhu -- "$line" "$2" "$COMP_TYPE" 2>/dev/null)
}
if [[ ${BASH_VERSINFO[0]} -eq 4 && ${BASH_VERSINFO[1]} -ge 4 || ${BASH_VERSINFO[0]} -gt 4 ]]; then
    complete -o nospace -o bashdefault -o nosort -F _pizhu pizhu
else
    complete -o nospace -o bashdefault -F _pizhu pizhu
fi

# Completion of runner-webhook for fish: runner-webhook completion fish | source

function __runner_webhook_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    # The word at the cursor is as it was typed: its quotes and backslashes go, also where a quote is still open.
    set -l plain (string unescape -- $current; or string unescape -- $current\'; or string unescape -- $current\"; or echo $current)
    set -l answer ($words[1] __complete $words[2..-1] "$plain[1]" 2>/dev/null </dev/null)
    set -l option (string match -r -- '^--[^=]+=' $current)
    switch "$answer[1]"
        case files
            for path in (__fish_complete_path (string replace -- "$option" '' $plain[1]))
                echo "$option$path"
            end
        case folders
            for path in (__fish_complete_directories (string replace -- "$option" '' $plain[1]))
                echo "$option$path"
            end
        case '*'
            for line in $answer[2..-1]
                echo "$option$line"
            end
    end
end

complete -c runner-webhook -f -k -a '(__runner_webhook_complete)'

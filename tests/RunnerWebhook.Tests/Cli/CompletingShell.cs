using System.Diagnostics;
using RunnerWebhook.Tests.Registration;

namespace RunnerWebhook.Tests.Cli;

/// <summary>A real shell at a terminal (script(1) makes one) that has taken in the program's completion. What is typed is
/// never run: Control-O writes the line down as it stands.</summary>
internal sealed class CompletingShell : IDisposable
{
    private const string Prompt = "READY>";
    private const char WriteDown = '\u000f';
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _home;
    private readonly Process _process;
    private readonly System.Text.StringBuilder _screen = new();
    private int _lines;

    private CompletingShell(string home, string command)
    {
        _home = home;
        var start = new ProcessStartInfo("script", ["-qec", command, "/dev/null"])
        {
            WorkingDirectory = home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in (string[])["HOME", "ZDOTDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"])
        {
            start.Environment[name] = home;
        }

        start.Environment["TERM"] = "xterm";
        start.Environment["LINES_TYPED"] = Lines;
        start.Environment["PATH"] = $"{Path.Combine(home, "bin")}:{start.Environment["PATH"]}";
        _process = Process.Start(start)!;
        foreach (var output in (StreamReader[])[_process.StandardOutput, _process.StandardError])
        {
            _ = Task.Run(() => Watch(output));
        }
    }

    /// <summary>All that the terminal has shown.</summary>
    public string Screen
    {
        get
        {
            lock (_screen)
            {
                return _screen.ToString();
            }
        }
    }

    private string Lines => Path.Combine(_home, "lines");

    /// <summary>Starts a shell in a home folder; skips the test where it can't be had.</summary>
    /// <param name="shell">The shell.</param>
    /// <param name="home">The home folder.</param>
    /// <param name="isInstalled">Whether zsh finds the script in a folder of its functions, and doesn't source it.</param>
    public static async Task<CompletingShell> Start(string shell, string home, bool isInstalled)
    {
        DebianTool.Require(shell);
        DebianTool.Require("script");
        Directory.CreateDirectory(Path.Combine(home, "bin"));
        // Without it fish reads all man pages in the background, longer than the test lasts.
        Directory.CreateDirectory(Path.Combine(home, "fish", "generated_completions"));
        Directory.CreateDirectory(Path.Combine(home, "functions"));
        var program = Path.Combine(home, "bin", "runner-webhook");
        await File.WriteAllTextAsync(program,
            $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "runner-webhook.dll")}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Path.Combine(home, "bashrc"), $$"""
            PS1='{{Prompt}}'
            source <(runner-webhook completion bash)
            bind 'set bell-style none'
            bind 'set enable-bracketed-paste off'
            write_down() { printf '%s\n' "$READLINE_LINE" >>"$LINES_TYPED"; READLINE_LINE=; READLINE_POINT=0; }
            bind -x '"\C-o": write_down'

            """);
        await File.WriteAllTextAsync(Path.Combine(home, ".zshrc"), $$"""
            PS1='{{Prompt}}'
            fpath=($HOME/functions $fpath)
            {{(isInstalled ? "runner-webhook completion zsh >$HOME/functions/_runner-webhook" : "")}}
            autoload -Uz compinit
            compinit -u
            {{(isInstalled ? "" : "source <(runner-webhook completion zsh)")}}
            write-down() { print -r -- "$BUFFER" >>"$LINES_TYPED"; BUFFER=; }
            zle -N write-down
            bindkey '^O' write-down

            """);
        await File.WriteAllTextAsync(Path.Combine(home, "fish", "config.fish"), $$"""
            function fish_prompt; echo -n '{{Prompt}}'; end
            function fish_greeting; end
            runner-webhook completion fish | source
            bind \co 'commandline >>$LINES_TYPED; commandline ""'

            """);
        var started = new CompletingShell(home, shell == "bash" ? "bash --noprofile --rcfile bashrc -i" : $"{shell} -i");
        await started.Until(() => started.Screen.Contains(Prompt, StringComparison.Ordinal));
        return started;
    }

    /// <summary>What becomes of a line when Tab is pressed at its end.</summary>
    public async Task<string> Complete(string line)
    {
        await _process.StandardInput.WriteAsync($"{line}\t{WriteDown}");
        await _process.StandardInput.FlushAsync();
        _lines++;
        await Until(() => File.Exists(Lines) && File.ReadAllText(Lines).Count(c => c == '\n') >= _lines);
        return File.ReadAllLines(Lines)[_lines - 1];
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task Watch(StreamReader output)
    {
        var buffer = new char[4096];
        for (int read; (read = await output.ReadAsync(buffer)) > 0;)
        {
            lock (_screen)
            {
                _screen.Append(buffer, 0, read);
            }
        }
    }

    private async Task Until(Func<bool> condition)
    {
        for (var watch = Stopwatch.StartNew(); !condition(); await Task.Delay(10))
        {
            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException($"the shell does nothing more; it shows: {Screen}");
            }
        }
    }
}

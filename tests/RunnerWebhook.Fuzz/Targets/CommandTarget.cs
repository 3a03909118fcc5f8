using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Fuzz.Targets;

internal static class CommandTarget
{
    // Names of the shell itself, which no list of words can start.
    private static readonly string[] ShellWords = ["export", "set", "readonly", "local", "$@", "$*"];

    public static void Check(byte[] input)
    {
        if (JsonText.TryParse(input, out var list, out _) && list.ValueKind == JsonValueKind.Array
            && list.EnumerateArray().All(word => word.ValueKind == JsonValueKind.String))
        {
            CheckWords([.. list.EnumerateArray().Select(word => word.GetString()!)]);
            return;
        }

        var script = Encoding.UTF8.GetString(input);
        ShellCommand.SwallowsSignals(script);
        var calls = Calls("sh", "-c", script);
        if (script.StartsWith('-') || script.StartsWith('+'))
        {
            // To a shell these are further options.
            return;
        }

        Promise.Holds(calls == Calls("sh", "-c", script), $"read differently the second time");
        Promise.Holds(calls == Calls("sh", "-c", "true\n" + script), $"a command before it changes {calls}");
        Promise.Holds(calls == Calls("env", "-i", "sh", "-e", "-c", script), $"a wrapper changes {calls}");
    }

    private static void CheckWords(ImmutableArray<string> words)
    {
        var calls = Calls([.. words]);
        if (words.IsEmpty || ShellWords.Contains(words[0]) || words.Any(word => word.AsSpan().IndexOfAny("$=") >= 0))
        {
            return;
        }

        var script = string.Join(' ', words.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        Promise.Holds(calls == Calls("sh", "-c", script), $"{calls} of the words, but {Calls("sh", "-c", script)} of {script}");
    }

    private static string Calls(params string[] command)
    {
        var json = new JsonObject { ["name"] = "x", ["image"] = "x", ["command"] = new JsonArray([.. command.Select(Word)]) };
        var container = new Container(0, "x", "x", [], [], [], JsonText.ToElement(json));
        return string.Join('\n', RunnerCommand.OfOther(container, "y")
            .Select(call => $"{call.Verb}({string.Join(' ', call.Arguments)}) {call.ConfigFile}"));

        static JsonNode? Word(string word) => JsonValue.Create(word);
    }
}

using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace RunnerWebhook.RunnerStandIn;

/// <summary><c>register</c>: asks GitLab first, checks the rest of its flags after, and appends.</summary>
internal static class RegisterVerb
{
    private static readonly string[] Executors =
        ["docker", "shell", "ssh", "kubernetes", "custom", "docker-windows", "docker+machine", "instance", "docker-autoscaler", "virtualbox", "parallels"];

    public static async Task<int> Run(Flags flags)
    {
        var config = ConfigFile.Load(ConfigFile.Locate(flags));
        if (!flags.Is("non-interactive"))
        {
            throw new FatalException("Unexpected EOF. Did you mean to use --non-interactive?", RunnerVersion.IsAtLeast(17, 5) ? 1 : 2)
            {
                IsPanic = true,
            };
        }

        // Older ones read it after they have registered.
        var template = flags.Has("template-config") ? Template.Load(flags.Text("template-config")) : null;

        if (flags.Text("access-level") is not ("" or "not_protected" or "ref_protected"))
        {
            throw Panic("Given access-level is not valid. Refer to gitlab-runner register -h for the correct options.");
        }

        if (flags.Text("url").Length == 0)
        {
            throw Panic("The url needs to be entered");
        }

        var systemId = SystemId.Of(config);
        var token = await Obtain(flags, config, systemId);
        // Only the interrupt from a keyboard is cleaned up after, and only from here on: before, there is no token to do it
        // with. SIGTERM ends the process where it is.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            UnregisterVerb.Delete(flags.Text("url"), (token, Name(flags)), systemId).GetAwaiter().GetResult();
            Environment.Exit(1);
        });
        await Pause();
        try
        {
            Check(flags);
            config.Runners.Add(RunnerEntry.Of(flags, token, template));
            config.Save();
        }
        catch (Exception e) when (e is FatalException or IOException or UnauthorizedAccessException)
        {
            // Newer ones save outside of what is cleaned up after: a failed save leaves the runner in GitLab.
            if (!flags.Is("leave-runner") && (e is FatalException || !RunnerVersion.IsAtLeast(19, 0)))
            {
                // The reason is logged before the runner is removed again.
                (e as FatalException)?.Write();
                await UnregisterVerb.Delete(flags.Text("url"), (token, Name(flags)), systemId);
                Environment.Exit(1);
            }

            throw e as FatalException ?? Panic(e.Message);
        }

        Log.Info("Runner registered successfully. Feel free to start it, but if it's running already the config should be "
            + "automatically reloaded!\n");
        return 0;
    }

    private static async Task<string> Obtain(Flags flags, ConfigFile config, string systemId)
    {
        // Only the one of the two is trimmed.
        var (own, registration) = (flags.Text("token"), flags.Text("registration-token").Trim());
        if (own.Length > 0)
        {
            if (own.StartsWith("glrt-", StringComparison.Ordinal) && RunnerVersion.IsAtLeast(15, 10))
            {
                RefuseServerSide(flags);
            }

            return await Verify(flags, config, own, systemId);
        }

        if (registration.Length == 0)
        {
            throw Panic("The registration-token needs to be entered");
        }

        if (!registration.StartsWith("glrt-", StringComparison.Ordinal) || !RunnerVersion.IsAtLeast(15, 8))
        {
            return await Register(flags, registration);
        }

        if (!RunnerVersion.IsAtLeast(16, 2))
        {
            RefuseServerSide(flags);
        }
        else if (HasServerSide(flags) && flags.Text("registration-token") != registration)
        {
            // The option is compared as it was given with the trimmed token.
            RefuseServerSide(flags);
        }
        else if (HasServerSide(flags))
        {
            Log.Warning("You have specified an authentication token in the legacy parameter --registration-token. This has triggered the "
                + "'legacy-compatible registration process' which has resulted in the following command line parameters being ignored: "
                + "--locked, --access-level, --run-untagged, --maximum-timeout, --paused, --tag-list, and --maintenance-note.");
        }

        return await Verify(flags, config, registration, systemId);
    }

    private static bool HasServerSide(Flags flags) => (flags.Has("locked") && !flags.Is("locked")) || flags.Text("access-level").Length > 0 || flags.Is("run-untagged")
            || flags.Text("maximum-timeout") is not ("" or "0") || flags.Is("paused") || flags.Text("tag-list").Length > 0
            || flags.Text("maintenance-note").Length > 0;

    private static void RefuseServerSide(Flags flags)
    {
        if (HasServerSide(flags))
        {
            throw new FatalException("Runner configuration other than name and executor configuration is reserved (specifically --locked, --access-level, --run-untagged, --maximum-timeout, --paused, --tag-list, and --maintenance-note) and cannot be specified when registering with a runner authentication token.");
        }
    }

    private static async Task<string> Register(Flags flags, string token)
    {
        var body = new JsonObject
        {
            ["info"] = GitLabApi.Info(),
            ["token"] = token,
            ["description"] = Name(flags),
            ["tag_list"] = flags.Text("tag-list"),
            // Without tags a runner takes every job, or it would take none.
            ["run_untagged"] = flags.Is("run-untagged") || flags.Text("tag-list").Length == 0,
            ["locked"] = !flags.Has("locked") || flags.Is("locked"),
            ["access_level"] = flags.Text("access-level"),
            ["maximum_timeout"] = flags.Text("maximum-timeout") is { Length: > 0 } timeout ? long.Parse(timeout) : 0,
            ["paused"] = flags.Is("paused"),
            ["maintenance_note"] = flags.Text("maintenance-note"),
        };
        foreach (var empty in new[] { "access_level", "maintenance_note" }.Where(key => ((string)body[key]!).Length == 0))
        {
            body.Remove(empty);
        }

        var answer = await GitLabApi.Send("POST", flags.Text("url"), "/runners", body);
        if (answer is not { Status: HttpStatusCode.Created })
        {
            Print(true, "Registering runner...", answer is { Status: HttpStatusCode.Forbidden }
                ? "forbidden (check registration token)" : "failed", (token, Name(flags)), answer);
            throw Panic("Failed to register the runner.");
        }

        Print(false, "Registering runner...", "succeeded", (token, Name(flags)), answer);
        return (string)answer.Json["token"]!;
    }

    private static async Task<string> Verify(Flags flags, ConfigFile config, string token, string systemId)
    {
        var answer = await GitLabApi.Send("POST", flags.Text("url"), "/runners/verify",
            new() { ["token"] = token, ["system_id"] = systemId, ["info"] = GitLabApi.Info() });
        var isCreated = token.StartsWith("glrt-", StringComparison.Ordinal);
        // Without an answer a token of the other kinds is taken for good.
        if (answer is null ? isCreated : !answer.IsSuccess || (isCreated && !answer.Json.ContainsKey("id")))
        {
            VerifyVerb.Print((token, Name(flags)), answer);
            throw Panic("Failed to verify the runner.");
        }

        if (config.Runners.Any(runner => runner.Token == token))
        {
            Log.Warning("A runner with this system ID and token has already been registered.");
        }

        VerifyVerb.Print((token, Name(flags)), answer);
        return token;
    }

    /// <summary>A result in gitlab-runner's words: the beginning of the token is in them.</summary>
    public static void Print(bool isError, string doing, string result, (string Token, string Name) runner, ApiAnswer? answer)
    {
        (string, string)[] fields = [("correlation_id", "01H"), ("runner", Short(runner.Token)),
            .. runner.Name.Length > 0 && RunnerVersion.IsAtLeast(18, 9) ? new[] { ("runner_name", runner.Name) } : []];
        if (isError)
        {
            Log.Error($"{doing} {result}", [.. fields, ("status", GitLabApi.Status(answer))]);
        }
        else
        {
            Log.Info($"{doing} {result}", fields);
        }
    }

    // Newer ones leave a known prefix out and show one character more.
    private static string Short(string token)
    {
        if (token.Length < 8)
        {
            return token;
        }

        var start = RunnerVersion.IsAtLeast(18, 9) && token.StartsWith("glrt-", StringComparison.Ordinal) ? 5 : 0;
        var length = RunnerVersion.IsAtLeast(18, 9) ? 9 : 8;
        return token[start..Math.Min(start + length, token.Length)];
    }

    private static string Name(Flags flags) => flags.Text("description") is { Length: > 0 } name ? name : Environment.MachineName;

    private static FatalException Panic(string message) => new(message) { IsPanic = true };

    // Between GitLab's answer and the saved file, for tests that look into that moment.
    private static Task Pause() =>
        double.TryParse(Environment.GetEnvironmentVariable("STANDIN_PAUSE"), out var seconds)
            ? Task.Delay(TimeSpan.FromSeconds(seconds))
            : Task.CompletedTask;

    private static void Check(Flags flags)
    {
        if (!Executors.Contains(flags.Text("executor")))
        {
            throw Panic("Invalid executor specified");
        }

        if (flags.Text("executor") == "docker" && flags.Text("docker-image").Length == 0)
        {
            throw Panic("The docker-image needs to be entered");
        }
    }
}

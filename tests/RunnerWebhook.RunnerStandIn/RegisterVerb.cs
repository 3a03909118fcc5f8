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
            // Nobody is there to answer: gitlab-runner panics.
            throw new FatalException("PANIC: EOF", exitCode: 2);
        }

        // Older ones read it after they have registered.
        var template = flags.Has("template-config") ? Template.Load(flags.Text("template-config")) : null;

        if (flags.Text("access-level") is not ("" or "not_protected" or "ref_protected"))
        {
            throw new FatalException("Given access-level is not valid. Refer to gitlab-runner register -h for the correct options.");
        }

        if (flags.Text("url").Length == 0)
        {
            throw new NotModelledException("a registration without --url");
        }

        var systemId = SystemId.Of(config);
        var token = await Obtain(flags, config, systemId);
        // Only the interrupt from a keyboard is cleaned up after, and only from here on: before, there is no token to do it
        // with. SIGTERM ends the process where it is.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            UnregisterVerb.Delete(flags.Text("url"), token, systemId).GetAwaiter().GetResult();
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
                await UnregisterVerb.Delete(flags.Text("url"), token, systemId);
            }

            throw e as FatalException ?? new FatalException($"Failed to save the config: {e.Message}");
        }

        Console.Error.WriteLine("Runner registered successfully. Feel free to start it, but if it's running already the config should be automatically reloaded!");
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
            throw new NotModelledException("a registration without a token");
        }

        if (!registration.StartsWith("glrt-", StringComparison.Ordinal) || !RunnerVersion.IsAtLeast(15, 8))
        {
            return await Register(flags, registration);
        }

        if (!RunnerVersion.IsAtLeast(16, 2))
        {
            throw new FatalException("Runner authentication token given as registration token");
        }

        Console.Error.WriteLine("WARNING: A runner authentication token is used: --locked, --access-level, --run-untagged, --maximum-timeout, --paused, --tag-list and --maintenance-note are ignored.");
        return await Verify(flags, config, registration, systemId);
    }

    private static void RefuseServerSide(Flags flags)
    {
        if ((flags.Has("locked") && !flags.Is("locked")) || flags.Text("access-level").Length > 0 || flags.Is("run-untagged")
            || flags.Text("maximum-timeout") is not ("" or "0") || flags.Is("paused") || flags.Text("tag-list").Length > 0
            || flags.Text("maintenance-note").Length > 0)
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
            ["description"] = flags.Text("description") is { Length: > 0 } name ? name : Environment.MachineName,
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
            Print("ERROR: ", "Registering", answer?.Status switch
            {
                HttpStatusCode.Forbidden => "forbidden (check registration token)",
                null => "client error",
                _ => "failed",
            }, token, answer);
            throw new FatalException("Failed to register the runner.");
        }

        Print("", "Registering", "succeeded", token, answer);
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
            VerifyVerb.Print(token, answer);
            throw new FatalException("Failed to verify the runner.");
        }

        if (config.Runners.Any(runner => runner.Token == token))
        {
            Console.Error.WriteLine("WARNING: A runner with this system ID and token has already been registered.");
        }

        VerifyVerb.Print(token, answer);
        return token;
    }

    /// <summary>A result in gitlab-runner's words: the beginning of the token is in them.</summary>
    public static void Print(string level, string doing, string result, string token, ApiAnswer? answer) =>
        Console.Error.WriteLine($"{level}{doing} runner... {result}  runner={token[..Math.Min(9, token.Length)]}"
            + (level.Length > 0 ? $" status={GitLabApi.Status(answer)}" : ""));

    // Between GitLab's answer and the saved file, for tests that look into that moment.
    private static Task Pause() =>
        double.TryParse(Environment.GetEnvironmentVariable("STANDIN_PAUSE"), out var seconds)
            ? Task.Delay(TimeSpan.FromSeconds(seconds))
            : Task.CompletedTask;

    private static void Check(Flags flags)
    {
        if (!Executors.Contains(flags.Text("executor")))
        {
            throw new FatalException($"Invalid executor specified: {flags.Text("executor")}");
        }

        if (flags.Text("executor") == "docker" && flags.Text("docker-image").Length == 0)
        {
            throw new FatalException("PANIC: The docker-image needs to be entered");
        }
    }
}

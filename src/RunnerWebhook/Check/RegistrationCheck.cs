using System.Text.Json;
using RunnerWebhook.Core.Workloads;
using RunnerWebhook.Yaml;

namespace RunnerWebhook.Check;

/// <summary>The webhook is registered at the API server, and as it is shipped.</summary>
internal static class RegistrationCheck
{
    public const string Name = "registration";

    private const string Subject = $"MutatingWebhookConfiguration {WellKnown.Program}";
    private const string Repair = "bring it back: kubectl apply -k charts-free-manifests";

    private static readonly JsonElement[] Shipped = [.. ReadShipped().List("webhooks")];

    // A difference in these is what the user may have chosen; in any other it keeps workloads from being injected.
    private static readonly string[] Choices =
        ["failurePolicy", "timeoutSeconds", "namespaceSelector", "matchPolicy", "reinvocationPolicy"];

    public static IEnumerable<CheckResult> Run(ClusterSnapshot snapshot)
    {
        if (!snapshot.Registration.IsKnown)
        {
            return [CheckResult.Skip(Name, Subject, snapshot.Registration.Problem!)];
        }

        if (snapshot.Registration.Value is not { } registration)
        {
            return [CheckResult.Fail(Name, $"there is no {Subject}: the API server calls no webhook, and labelled "
                + "workloads come in bare", "install it: kubectl apply -k charts-free-manifests")];
        }

        var drift = Shipped.SelectMany(shipped => Compare(shipped, registration)).ToArray();
        return drift.Length > 0 ? drift : [CheckResult.Pass(Name, $"{Subject} is as shipped")];
    }

    /// <summary>Those of the registered webhooks that are ours.</summary>
    public static IEnumerable<JsonElement> Ours(ClusterSnapshot snapshot) => snapshot.Registration.Value is { } registration
        ? registration.List("webhooks").Where(hook => Shipped.Any(shipped => shipped.Text("name") == hook.Text("name")))
        : [];

    private static IEnumerable<CheckResult> Compare(JsonElement shipped, JsonElement registration)
    {
        var name = shipped.Text("name");
        if (registration.List("webhooks").FirstOrDefault(hook => hook.Text("name") == name)
            is not { ValueKind: JsonValueKind.Object } found)
        {
            yield return CheckResult.Fail(Name, $"{Subject} has no webhook {name}", Repair);
            yield break;
        }

        foreach (var field in shipped.EnumerateObject().Where(field => field.Name is not ("name" or "clientConfig")))
        {
            if (found.At(field.Name) is not { } value)
            {
                yield return Drift(field.Name, $"{name} has no {field.Name}, shipped is {Shown(field.Value)}");
            }
            else if (!JsonElement.DeepEquals(value, field.Value))
            {
                yield return Drift(field.Name, $"{field.Name} of {name} is {Shown(value)}, shipped is {Shown(field.Value)}");
            }
        }

        var path = found.At("clientConfig", "service") is null ? new Uri(found.Text("clientConfig", "url")).AbsolutePath
            : found.Text("clientConfig", "service", "path");
        if (path != shipped.Text("clientConfig", "service", "path"))
        {
            yield return CheckResult.Fail(Name, $"{name} is called at path '{path}', where no webhook is", Repair);
        }
    }

    private static CheckResult Drift(string field, string sentence) => Choices.Contains(field)
        ? CheckResult.Warn(Name, sentence, Meaning(field))
        : CheckResult.Fail(Name, sentence, Repair);

    private static string Meaning(string field) => field switch
    {
        "failurePolicy" => "with Ignore, labelled workloads come in bare while the webhook can't be called",
        "timeoutSeconds" => "the API server waits that long for an answer; the webhook takes milliseconds",
        "namespaceSelector" => "make sure that no namespace with runners is left out, and the cluster's own are",
        "reinvocationPolicy" => "pieces that a later webhook drops come back with IfNeeded only",
        _ => Repair,
    };

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Object or JsonValueKind.Array => Core.Json.JsonText.ToNode(value)!.ToJsonString(),
        _ => value.GetRawText(),
    };

    // The manifest itself is part of the program, so that the two can't differ.
    private static JsonElement ReadShipped()
    {
        using var stream = typeof(RegistrationCheck).Assembly.GetManifestResourceStream("mutatingwebhookconfiguration.yaml")!;
        using var reader = new StreamReader(stream);
        return YamlFile.Parse(reader.ReadToEnd(), out _)!.Documents[0].Json;
    }
}

using System.Text.Json.Nodes;
using RunnerWebhook.Core.Policy;
using RunnerWebhook.Core.Workloads;
using static RunnerWebhook.Core.Settings.SchemaNode;

namespace RunnerWebhook.Core.Settings;

/// <summary>The JSON Schema (draft 2020-12) of the configuration file, for editors and other tools. The reader stays the
/// authority: it also knows what belongs together.</summary>
public static class ConfigurationSchema
{
    /// <summary>The schema's name.</summary>
    public const string Id = "urn:runner-webhook:v1:configuration";

    /// <summary>The whole schema.</summary>
    public static JsonObject Create()
    {
        var root = Mapping("What the platform team sets for every runner",
            ("apiVersion", new JsonObject { ["const"] = RunnerConfiguration.ApiVersion }),
            ("kind", new JsonObject { ["const"] = RunnerConfiguration.Kind }),
            ("profiles", Map("Ways to register and run a runner, by name; default is used where nothing names another",
                Reference("One way to register and run a runner", "profile"), ProfileSchema.Name)),
            ("policy", With(Typed("The first rule that is for a namespace counts; a namespace without one is refused. "
                + "Without a policy everything is allowed", "array", "null"), "items", Rule())),
            ("watchNamespaces", Flag("Whether the labels and annotations of namespaces are known: it needs the right to list "
                + "and watch them", false)),
            ("log", Mapping("The server's own log",
                ("level", Words("The least important lines that are logged; Debug and Trace bring the web server's too. "
                    + "Running replicas follow a change", nameof(LogThreshold.Information), Enum.GetNames<LogThreshold>())))));
        root["type"] = "object";
        root["required"] = new JsonArray("apiVersion", "kind");
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = Id,
            ["title"] = "RunnerWebhook configuration",
        };
        foreach (var (keyword, value) in root)
        {
            schema[keyword] = value?.DeepClone();
        }

        schema["$defs"] = new JsonObject
        {
            ["profile"] = ProfileSchema.Create(),
            ["register"] = RegisterSchema.Create(),
            ["resources"] = ProfileSchema.Resources(),
        };
        return schema;
    }

    private static JsonObject Rule()
    {
        var namespaces = Texts("Names of namespaces; * stands for any text. Without it, those that the selector matches");
        var rule = Mapping("What some namespaces may do",
            ("namespaces", With(namespaces, "minItems", 1)),
            ("namespaceSelector", Selector()),
            ("profile", Text("Their profile", WellKnown.DefaultProfile)),
            ("register", Reference("Register options that lie over the profile's and under annotations", "register")),
            ("allow", Allow()),
            ("require", Reference("Values that must be among the resolved ones, by register option", "register")),
            ("mode", Words("warn tells of violations and lets them pass", "deny", "deny", "warn")));
        rule["type"] = "object";
        return With(rule, "anyOf", new JsonArray(Stated("namespaces"), Stated("namespaceSelector")));
    }

    private static JsonObject Selector()
    {
        var expression = Mapping("One requirement",
            ("key", With(Text("The label"), "minLength", 1)),
            ("operator", Words("What is asked of it", null, Enum.GetNames<LabelOperator>())),
            ("values", Texts("The values, for In and NotIn")));
        expression["type"] = "object";
        return Mapping("Labels that the namespaces must have, as in a Kubernetes selector; needs watchNamespaces",
            ("matchLabels", Map("Labels with their values", Typed("The value", "string", "null"))),
            ("matchExpressions", With(Typed("Further requirements", "array", "null"),
                "items", Required(expression, "key", "operator"))));
    }

    private static JsonObject Allow() => Mapping(
        "What is allowed; a list that is left out restricts nothing, an empty one allows nothing. * stands for any text",
        ("annotations", Texts("Annotations of users, without gitlab-runner/")),
        ("namespaceAnnotations", Texts("Annotations of the namespace itself; left out, those of annotations")),
        ("engines", Texts("Engines, as in hostSocket")),
        ("dockerImages", Texts("Default images of jobs")),
        ("runnerImages", Texts("Images of the runner and the init container")),
        ("urls", Texts("GitLab instances")),
        ("hostPaths", Texts("Paths of the node that jobs may mount by docker-volumes")),
        ("privileged", Flag("Whether jobs may run privileged", true)));
}

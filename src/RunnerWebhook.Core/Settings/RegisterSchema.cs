using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;
using RunnerWebhook.Core.Registration;

namespace RunnerWebhook.Core.Settings;

/// <summary>The schema of register options, made from their table.</summary>
internal static class RegisterSchema
{
    // One line, tabs allowed.
    private const string LinePattern = "^[^\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f]*$";

    /// <summary>The mapping <c>register</c>.</summary>
    public static JsonObject Create() => SchemaNode.Typed("object").OrNull()
        .With("properties", new JsonObject(RegisterOptions.All.Select(
            option => KeyValuePair.Create(option.Name, (JsonNode?)Of(option)))))
        .With("additionalProperties", false);

    private static JsonObject Of(RegisterOption option)
    {
        var value = Value(option);
        if (!option.IsList)
        {
            value.OrNull();
            value["description"] = Description(option);
            return value;
        }

        // Kept first, so that editors offer a list.
        var list = new JsonObject { ["type"] = new JsonArray("array", "null"), ["items"] = value };
        return new() { ["description"] = Description(option), ["anyOf"] = new JsonArray(list, value.DeepClone()) };
    }

    private static JsonObject Value(RegisterOption option) => option.Kind switch
    {
        RegisterOptionKind.Boolean => new() { ["enum"] = new JsonArray(true, false, "true", "false") },
        RegisterOptionKind.Word => new() { ["enum"] = JsonText.Array(option.Words) },
        RegisterOptionKind.Number => Number(option),
        RegisterOptionKind.Duration => Range(Patterned(option, "string", "integer"), 0, 0),
        RegisterOptionKind.Memory => Range(Patterned(option, "string", "number"), option.Min, null),
        RegisterOptionKind.Cpus => SchemaNode.With(Patterned(option, "string", "number"), "exclusiveMinimum", 0),
        RegisterOptionKind.CpuSet => Range(Patterned(option, "string", "integer"), 0, null),
        RegisterOptionKind.Url or RegisterOptionKind.Assignment or RegisterOptionKind.MacAddress => Patterned(option, "string"),
        RegisterOptionKind.IpAddress or RegisterOptionKind.HostAddress => SchemaNode.Typed("string"),
        RegisterOptionKind.Text => Text(option),
        _ => Map(option.Kind),
    };

    private static JsonObject Number(RegisterOption option)
    {
        var node = Range(Patterned(option, "integer", "string"), option.OrZero ? 0 : option.Min,
            option.Max == long.MaxValue ? null : option.Max);
        return !option.OrZero ? node : SchemaNode.With(node, "not", new JsonObject
        {
            ["type"] = "number",
            ["exclusiveMinimum"] = 0,
            ["exclusiveMaximum"] = option.Min,
        });
    }

    private static JsonObject Text(RegisterOption option)
    {
        var node = SchemaNode.Typed("string", "number", "boolean");
        node = option.IsList ? SchemaNode.With(node, "minLength", 1) : node;
        node = option.MaxLength < int.MaxValue ? SchemaNode.With(node, "maxLength", option.MaxLength) : node;
        return option.Shape == RegisterOptionShape.Joined ? SchemaNode.With(node, "pattern", "^[^,]*$")
            : option.MultiLine ? node : SchemaNode.With(node, "pattern", LinePattern);
    }

    // KEY:VALUE may be given as a list, and either as a text.
    private static JsonObject Map(RegisterOptionKind kind)
    {
        var map = SchemaNode.Typed("object", "array", "string");
        map["items"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[^:]+:" };
        map["propertyNames"] = new JsonObject { ["pattern"] = "^[^:]+$" };
        map["additionalProperties"] = kind switch
        {
            RegisterOptionKind.BooleanMap => SchemaNode.Typed("boolean"),
            RegisterOptionKind.ListMap => new JsonObject
            {
                ["type"] = "array",
                ["items"] = SchemaNode.Typed("string"),
                ["minItems"] = 1,
                ["maxItems"] = 1,
            },
            _ => SchemaNode.Typed("string"),
        };
        return map;
    }

    private static string Description(RegisterOption option)
    {
        var allowed = option.Kind is RegisterOptionKind.Word or RegisterOptionKind.Boolean ? "" : RegisterRule.Allowed(option);
        var text = option.Meaning + (allowed.Length > 0 ? $" ({allowed})" : "") + ".";
        text += option.ServerSide ? " Kept by GitLab: no effect with token.mode authentication." : "";
        text += option.Secret ? " A credential: everyone who may read the pods can read it." : "";
        return option.Since.Length > 0 ? $"{text} Since gitlab-runner {option.Since}." : text;
    }

    private static JsonObject Patterned(RegisterOption option, params IEnumerable<string> types) =>
        SchemaNode.With(SchemaNode.Typed(types), "pattern", RegisterRule.Pattern(option.Kind));

    private static JsonObject Range(JsonObject node, long min, long? max)
    {
        node["minimum"] = min;
        return max is null ? node : SchemaNode.With(node, "maximum", max);
    }
}

using System.Collections.Immutable;
using RunnerWebhook.Core.Policy;

namespace RunnerWebhook.Core.Settings;

/// <summary>Reads a rule's <c>namespaceSelector</c>.</summary>
internal static class LabelSelectorReader
{
    public static LabelSelector Read(ConfigurationSection section)
    {
        section.AllowOnly("matchLabels", "matchExpressions");
        var labels = section.Section("matchLabels");
        var requirements = ImmutableArray.CreateBuilder<LabelRequirement>();
        foreach (var key in labels.Names)
        {
            requirements.Add(new(key, LabelOperator.In, [labels.Text(key, "", "a label's value", _ => true)]));
        }

        requirements.AddRange(section.Items("matchExpressions").Select(Expression));
        if (requirements.Count == 0)
        {
            section.ErrorHere("needs matchLabels or matchExpressions: an empty selector would match every namespace");
        }

        return new(requirements.ToImmutable());
    }

    private static LabelRequirement Expression(ConfigurationSection section)
    {
        section.AllowOnly("key", "operator", "values");
        var key = section.Text("key", "", "a label's key", text => text.Length > 0);
        if (section.Value("key") is null)
        {
            section.ErrorHere("needs a key");
        }

        var comparison = section.Word("operator", LabelOperator.Exists,
            [.. Enum.GetValues<LabelOperator>().Select(value => (value.ToString(), value))]);
        if (section.Value("operator") is null)
        {
            section.ErrorHere("needs an operator: " + string.Join(", ", Enum.GetNames<LabelOperator>()));
        }

        var values = section.Texts("values") ?? [];
        if (values.IsEmpty == comparison is LabelOperator.In or LabelOperator.NotIn)
        {
            section.Error("values", $"must {(values.IsEmpty ? "" : "not ")}be given with operator {comparison}");
        }

        return new(key, comparison, values);
    }
}

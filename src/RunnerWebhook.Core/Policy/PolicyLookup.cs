using System.Collections.Immutable;
using RunnerWebhook.Core.Workloads;

namespace RunnerWebhook.Core.Policy;

/// <summary>
/// Finds the rule of a namespace quickly where there are thousands: names without a star are looked up, globs are taken apart
/// beforehand, and the labels that selectors ask for are fetched once.
/// </summary>
internal sealed class PolicyLookup
{
    private readonly ImmutableArray<PolicyRule> _rules;
    private readonly Dictionary<string, List<int>> _byName = new(StringComparer.Ordinal);
    private readonly (int Rule, NamespaceGlob Glob)[] _globs;
    private readonly Dictionary<string, int> _keys = new(StringComparer.Ordinal);
    private readonly (int Key, LabelRequirement Requirement)[]?[] _selectors;

    /// <param name="rules">The rules, in their order.</param>
    public PolicyLookup(ImmutableArray<PolicyRule> rules)
    {
        _rules = rules;
        var globs = new List<(int, NamespaceGlob)>();
        foreach (var (index, rule) in rules.Index())
        {
            foreach (var pattern in rule.Namespaces)
            {
                if (NamespaceGlob.TryCreate(pattern) is { } glob)
                {
                    globs.Add((index, glob));
                }
                else if (!_byName.TryAdd(pattern, [index]))
                {
                    _byName[pattern].Add(index);
                }
            }
        }

        _globs = [.. globs];
        _selectors = [.. rules.Select(rule => rule.NamespaceSelector?.Requirements.Select(
            requirement => (KeyOf(requirement.Key), requirement)).ToArray())];
    }

    /// <summary>The first rule that is for a namespace; null where none is.</summary>
    /// <param name="name">The namespace's name.</param>
    /// <param name="metadata">What is known of it; null if nothing is known: rules by label are then skipped.</param>
    public PolicyRule? Find(string name, NamespaceMetadata? metadata)
    {
        var labels = metadata is null ? null : LabelsOf(metadata);
        var found = int.MaxValue;
        foreach (var rule in _byName.TryGetValue(name, out var named) ? named : [])
        {
            if (IsSelected(rule, labels))
            {
                found = rule;
                break;
            }
        }

        foreach (var (rule, glob) in _globs)
        {
            if (rule >= found)
            {
                break;
            }

            if (glob.Matches(name) && IsSelected(rule, labels))
            {
                found = rule;
                break;
            }
        }

        return found < int.MaxValue ? _rules[found] : null;
    }

    private int KeyOf(string label) => _keys.TryGetValue(label, out var known) ? known : _keys[label] = _keys.Count;

    // The values of the labels that are asked for, by key; null where the namespace has none.
    private string?[] LabelsOf(NamespaceMetadata metadata)
    {
        var values = _keys.Count > 0 ? new string?[_keys.Count] : [];
        foreach (var (label, value) in _keys.Count > 0 ? metadata.Labels : ImmutableDictionary<string, string>.Empty)
        {
            if (_keys.TryGetValue(label, out var key))
            {
                values[key] = value;
            }
        }

        return values;
    }

    private bool IsSelected(int rule, string?[]? labels)
    {
        if (_selectors[rule] is not { } selector)
        {
            return true;
        }

        if (labels is null)
        {
            return false;
        }

        foreach (var (key, requirement) in selector)
        {
            if (!requirement.Accepts(labels[key]))
            {
                return false;
            }
        }

        return true;
    }
}

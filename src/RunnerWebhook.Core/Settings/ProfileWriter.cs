using System.Collections.Immutable;
using System.Text.Json.Nodes;
using RunnerWebhook.Core.Json;

namespace RunnerWebhook.Core.Settings;

/// <summary>Writes a profile the way the configuration file has it, every value stated.</summary>
public static class ProfileWriter
{
    /// <summary>Raised whenever the same settings come to inject something else.</summary>
    private const int EngineRevision = 1;

    private static readonly (string Section, string Name)[] Later = [("engine", "dind"), ("engine", "remote")];

    /// <summary>The profile as the JSON of its entry in <c>profiles</c>. A literal token is replaced by its digest.</summary>
    public static JsonObject Write(RunnerProfile profile)
    {
        var json = WriteBuiltIn(profile);
        if (profile.Template is { } template)
        {
            json["template"] = new JsonObject { ["configMapName"] = template.ConfigMapName, ["key"] = template.Key };
        }

        if (profile.Certificates is { } ca)
        {
            json["certificates"] = new JsonObject
            {
                [ca.SecretName.Length > 0 ? "secretName" : "configMapName"] =
                    ca.SecretName.Length > 0 ? ca.SecretName : ca.ConfigMapName,
                ["key"] = ca.Key,
            };
        }

        if (profile.Cache is { } cache)
        {
            json["cache"] = new JsonObject
            {
                ["secretName"] = cache.SecretName,
                ["keys"] = new JsonObject(cache.Keys.Select(key => KeyValuePair.Create(key.Key, (JsonNode?)key.Value))),
            };
        }

        return json;
    }

    private static JsonObject WriteBuiltIn(RunnerProfile profile) => new()
    {
        ["register"] = new JsonObject(profile.Register.OrderBy(option => option.Key, StringComparer.Ordinal)
            .Select(option => KeyValuePair.Create(option.Key, (JsonNode?)Texts(option.Value)))),
        ["extraArgs"] = Texts(profile.ExtraArgs),
        ["token"] = Token(profile.Token),
        ["engine"] = new JsonObject
        {
            ["kind"] = EngineName.Of(profile.Engine.Kind),
            ["socketPath"] = profile.Engine.SocketPath,
            ["dind"] = Dind(profile.Engine.Dind),
            ["remote"] = new JsonObject
            {
                ["host"] = profile.Engine.Remote.Host,
                ["tlsSecretName"] = profile.Engine.Remote.TlsSecretName,
            },
        },
        ["initContainer"] = new JsonObject
        {
            ["name"] = profile.InitContainer.Name,
            ["image"] = profile.InitContainer.Image,
            ["guard"] = profile.InitContainer.Guard,
            ["position"] = profile.InitContainer.Position.ToString(),
            ["resources"] = JsonText.ToNode(profile.InitContainer.Resources),
        },
        ["configVolume"] = new JsonObject
        {
            ["name"] = profile.ConfigVolume.Name,
            ["mountPath"] = profile.ConfigVolume.MountPath,
            ["medium"] = profile.ConfigVolume.Medium,
        },
        ["socketVolume"] = new JsonObject
        {
            ["name"] = profile.SocketVolume.Name,
            ["type"] = profile.SocketVolume.Type,
        },
        ["lifecycle"] = new JsonObject
        {
            ["unregister"] = profile.Lifecycle.Unregister,
            ["gracePeriodSeconds"] = profile.Lifecycle.GracePeriodSeconds,
            ["systemId"] = profile.Lifecycle.StableSystemId ? "auto" : "random",
        },
        ["global"] = new JsonObject(profile.Global.Select(
            entry => KeyValuePair.Create(entry.Key, JsonText.ToNode(entry.Value)))),
    };

    /// <summary>The digest of the settings: 12 hexadecimal digits, the same on every replica.</summary>
    public static string Revision(RunnerProfile profile)
    {
        var json = Write(profile);
        RemoveUnset(json, Write(new() { Name = profile.Name }));
        json["engineRevision"] = EngineRevision;
        // The digest was first taken with this spelling; another would outdate every workload.
        json["token"]!["mode"] = profile.Token.Mode.ToString();
        return CanonicalJson.Digest(json);
    }

    // Settings that came later count once they are set, so that an upgrade alone outdates no workload.
    private static void RemoveUnset(JsonObject json, JsonObject unset)
    {
        foreach (var (section, name) in Later)
        {
            var (from, none) = ((JsonObject)json[section]!, unset[section]!);
            if (JsonNode.DeepEquals(from[name], none[name]))
            {
                from.Remove(name);
            }
        }
    }

    private static JsonObject Dind(DindSettings dind) => new()
    {
        ["name"] = dind.Name,
        ["image"] = dind.Image,
        ["sidecar"] = dind.Sidecar.ToString().ToLowerInvariant(),
        ["sizeLimit"] = dind.SizeLimit,
        ["mtu"] = dind.Mtu,
        ["registryMirrors"] = Texts(dind.RegistryMirrors),
        ["args"] = Texts(dind.Args),
        ["resources"] = JsonText.ToNode(dind.Resources),
    };

    private static JsonObject Token(TokenSettings token)
    {
        var json = new JsonObject
        {
            ["secretName"] = token.SecretName,
            ["secretKey"] = token.SecretKey,
            ["mode"] = token.Mode.ToString().ToLowerInvariant(),
        };
        if (token.Value is not null)
        {
            json["value"] = "sha256:" + CanonicalJson.Digest(token.Value);
        }

        return json;
    }

    private static JsonArray Texts(ImmutableArray<string> values) => [.. values.Select(value => (JsonNode?)value)];
}

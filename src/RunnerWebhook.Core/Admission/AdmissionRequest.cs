using System.Text.Json;

namespace RunnerWebhook.Core.Admission;

/// <summary>What the API server asks (source: <c>k8s.io/api/admission/v1</c>, AdmissionRequest).</summary>
/// <param name="document">The review that the objects lie in; null if they lie in none.</param>
public sealed class AdmissionRequest(JsonDocument? document = null) : IDisposable
{
    /// <summary>Names this request in logs on both sides; the response repeats it.</summary>
    public required string Uid { get; init; }

    /// <summary>The object's <c>apiVersion</c>, as in <c>apps/v1</c>.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>The object's kind.</summary>
    public required string Kind { get; init; }

    /// <summary>CREATE, UPDATE, DELETE or CONNECT.</summary>
    public required string Operation { get; init; }

    /// <summary>The subresource asked for, as in <c>status</c>; empty for the object itself.</summary>
    public required string SubResource { get; init; }

    /// <summary>The object's namespace; empty if it has none.</summary>
    public required string Namespace { get; init; }

    /// <summary>The object's name; empty while the API server has yet to make one up.</summary>
    public required string Name { get; init; }

    /// <summary>Whether nothing will be stored. Default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>The object as it comes in; null on DELETE.</summary>
    public JsonElement? Object { get; init; }

    /// <summary>The object as it is stored; null on CREATE.</summary>
    public JsonElement? OldObject { get; init; }

    /// <summary>The same request for another object, which it does not hold.</summary>
    /// <param name="uid">The request's uid.</param>
    /// <param name="name">The object's name.</param>
    internal AdmissionRequest WithoutObjects(string uid, string name) => new()
    {
        Uid = uid,
        ApiVersion = ApiVersion,
        Kind = Kind,
        Operation = Operation,
        SubResource = SubResource,
        Namespace = Namespace,
        Name = name,
        DryRun = DryRun,
    };

    /// <summary>Gives the memory of the review back; <see cref="Object"/> and <see cref="OldObject"/> are gone then.</summary>
    public void Dispose() => document?.Dispose();
}

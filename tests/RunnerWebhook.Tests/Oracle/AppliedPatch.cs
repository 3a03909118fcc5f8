using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.JsonPatch.SystemTextJson;
using Xunit;

namespace RunnerWebhook.Tests.Oracle;

/// <summary>What two independent appliers make of a patch; they must agree.</summary>
internal static class AppliedPatch
{
    public static JsonNode Of(string documentJson, string patchJson)
    {
        var strict = StrictJsonPatch.Apply(documentJson, patchJson)!;
        var document = JsonNode.Parse(documentJson)!;
        JsonSerializer.Deserialize<JsonPatchDocument>(patchJson)!.ApplyTo(document);
        Assert.True(JsonNode.DeepEquals(strict, document), $"two appliers disagree on\n{patchJson}");
        return strict;
    }
}

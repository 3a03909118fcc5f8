namespace RunnerWebhook.Yaml;

/// <summary>A node with the way that leads to it.</summary>
/// <param name="Node">The node.</param>
/// <param name="Indicator">After the colon or hyphen that it follows in a block collection, or -1.</param>
/// <param name="Parent">The collection that holds it.</param>
internal sealed record NodePlace(YamlNode Node, int Indicator, NodePlace? Parent);

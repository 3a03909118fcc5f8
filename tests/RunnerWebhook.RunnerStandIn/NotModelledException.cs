namespace RunnerWebhook.RunnerStandIn;

/// <summary>Something of which it is not known what gitlab-runner does; nobody may take what happens for that.</summary>
internal sealed class NotModelledException(string what)
    : FatalException($"!!! STAND-IN: {what} is not modelled: see the stand-in's README.md !!!", exitCode: 70);

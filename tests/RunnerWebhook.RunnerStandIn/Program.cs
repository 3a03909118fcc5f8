using RunnerWebhook.RunnerStandIn;

// See README.md: which of gitlab-runner's behaviours this has, and which it has not.
Recording.Keep(args);
try
{
    return args switch
    {
        ["--version", ..] => RunnerVersion.Print(),
        ["register", ..] => await RegisterVerb.Run(Flags.Parse(args, Flags.Register)),
        ["verify", ..] => await VerifyVerb.Run(Flags.Parse(args, Flags.Verify)),
        ["unregister", ..] => await UnregisterVerb.Run(Flags.Parse(args, Flags.Unregister)),
        ["run", ..] => await RunVerb.Run(Flags.Parse(args, Flags.Run)),
        _ => throw new NotModelledException($"the command {string.Join(' ', args)}"),
    };
}
catch (FatalException e)
{
    e.Write();
    return e.ExitCode;
}

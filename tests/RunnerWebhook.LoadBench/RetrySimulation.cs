namespace RunnerWebhook.LoadBench;

/// <summary>When the pods of a rollout register while GitLab is down, by the waits of the guard script and of kubelet.</summary>
/// <param name="pods">How many pods start.</param>
/// <param name="rolloutSeconds">Within which time they start, evenly.</param>
/// <param name="outageSeconds">How long GitLab refuses connections, from the start of the rollout.</param>
internal sealed class RetrySimulation(int pods, int rolloutSeconds, int outageSeconds)
{
    // The guard's waits: half of each is random.
    private static readonly int[] Delays = [10, 20, 40, 80, 120, 120, 120, 120, 120];

    // kubelet's waits between runs of a container that fails.
    private static readonly int[] BackOffs = [10, 20, 40, 80, 160, 300];

    /// <summary>Runs the simulation.</summary>
    /// <param name="isSpread">Whether half of each wait is random, as in the guard; else each wait has its full length.</param>
    /// <returns>The most calls in a second during the outage, the most registrations in a second after it, and the time from
    /// the outage's end until the last pod has registered, in seconds.</returns>
    public (int FailedPerSecond, int RegisteredPerSecond, double LastAfter) Run(bool isSpread)
    {
        var (failed, registered, last) = (new Dictionary<int, int>(), new Dictionary<int, int>(), 0.0);
        // The same figures each time.
        var random = new Random(1);
        for (var pod = 0; pod < pods; pod++)
        {
            var time = (double)pod * rolloutSeconds / pods;
            for (var attempt = 0; time < outageSeconds; attempt++)
            {
                Count(failed, time);
                time += Wait(attempt, isSpread, random);
            }

            Count(registered, time);
            last = Math.Max(last, time);
        }

        return (failed.Values.DefaultIfEmpty().Max(), registered.Values.Max(), last - outageSeconds);
    }

    private static double Wait(int attempt, bool isSpread, Random random)
    {
        var (run, within) = Math.DivRem(attempt, Delays.Length + 1);
        if (within == Delays.Length)
        {
            return BackOffs[Math.Min(run, BackOffs.Length - 1)];
        }

#pragma warning disable CA5394 // A simulation needs no secret numbers.
        return isSpread ? Delays[within] * (1 + random.NextDouble()) / 2 : Delays[within];
#pragma warning restore CA5394
    }

    private static void Count(Dictionary<int, int> bySecond, double time) =>
        bySecond[(int)time] = bySecond.GetValueOrDefault((int)time) + 1;
}

namespace RunnerWebhook.Tests.Faults;

/// <summary>A clock that can be set, forwards and backwards; timers and elapsed times go on as they are, as on a machine whose
/// clock is corrected, or that was suspended.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private long _offset;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));

    /// <summary>Sets the clock relative to the real time.</summary>
    public void JumpTo(TimeSpan offset) => Interlocked.Exchange(ref _offset, offset.Ticks);
}

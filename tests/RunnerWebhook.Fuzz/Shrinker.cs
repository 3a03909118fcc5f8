namespace RunnerWebhook.Fuzz;

/// <summary>Makes an input that breaks a promise as short as it can be.</summary>
internal static class Shrinker
{
    /// <summary>The shortest input found that still breaks a promise in the same way.</summary>
    public static byte[] Shrink(FuzzTarget target, byte[] input)
    {
        var broken = Broken(target, input) ?? throw new ArgumentException("the input breaks no promise");
        for (var length = input.Length / 2; length > 0; length = length == 1 && Shorter(1) ? 1 : length / 2)
        {
            while (Shorter(length))
            {
            }
        }

        return input;

        bool Shorter(int length)
        {
            var before = input.Length;
            for (var at = 0; at + length <= input.Length;)
            {
                byte[] without = [.. input[..at], .. input[(at + length)..]];
                if (Broken(target, without) == broken)
                {
                    input = without;
                }
                else
                {
                    at += length;
                }
            }

            return input.Length < before;
        }
    }

    // The first words of the promise; what follows differs from input to input.
    private static string? Broken(FuzzTarget target, byte[] input)
    {
        try
        {
            target.Check(input);
            return null;
        }
#pragma warning disable CA1031 // Every exception is a finding.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.GetType() + e.Message[..Math.Min(e.Message.Length, 10)];
        }
    }
}

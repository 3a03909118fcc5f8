using System.Runtime.CompilerServices;

namespace RunnerWebhook.Fuzz;

/// <summary>What must hold for every input.</summary>
internal static class Promise
{
    /// <summary>Throws unless the condition holds.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="broken">What is wrong if it doesn't hold. It is written only then.</param>
    public static void Holds(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] Report broken)
    {
        if (!condition)
        {
            throw new BrokenPromiseException(broken.ToString());
        }
    }

    /// <summary>A text that costs nothing while the promise holds.</summary>
    [InterpolatedStringHandler]
    public ref struct Report
    {
        private DefaultInterpolatedStringHandler _text;

        /// <summary>Begins the text if the condition does not hold.</summary>
        public Report(int literalLength, int formattedCount, bool condition, out bool isNeeded)
        {
            isNeeded = !condition;
            _text = isNeeded ? new(literalLength, formattedCount) : default;
        }

        /// <summary>Adds fixed text.</summary>
        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        /// <summary>Adds a value.</summary>
        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        /// <inheritdoc/>
        public override string ToString() => _text.ToStringAndClear();
    }
}

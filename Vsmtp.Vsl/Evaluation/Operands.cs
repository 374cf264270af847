using System.Runtime.CompilerServices;

namespace Vsmtp.Vsl.Evaluation;

/// <summary>The values of a few operands, on the stack.</summary>
[InlineArray(Capacity)]
internal struct Operands
{
    public const int Capacity = 8;

    private Value _first;

    /// <summary>Evaluates operands from left to right.</summary>
    /// <returns>How the first of them ended that gave no value; else unit.</returns>
    public static Completion Read(Evaluate[] codes, Frame frame, Span<Value> values)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            var value = codes[i](frame);
            if (!value.IsValue) return value;
            values[i] = value.Raw;
        }

        return Completion.Unit;
    }
}

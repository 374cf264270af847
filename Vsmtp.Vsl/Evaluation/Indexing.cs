using System.Text;

namespace Vsmtp.Vsl.Evaluation;

/// <summary>The index rule (language appendix A): 0-based, negatives from the end; strings by Unicode scalar.</summary>
internal static class Indexing
{
    public static bool TryResolve(long index, int count, out int position)
    {
        var at = index < 0 ? index + count : index;
        position = at >= 0 && at < count ? (int)at : 0;
        return at >= 0 && at < count;
    }

    /// <summary>A start that is clamped into 0…count instead of refused.</summary>
    public static int Clamp(long start, int count) => (int)Math.Clamp(start < 0 ? start + count : start, 0, count);

    /// <summary>Number of scalars; an unpaired surrogate, which only a host can bring, counts as one.</summary>
    public static int Length(string text)
    {
        var count = text.Length;
        for (var i = 0; i + 1 < text.Length; i++)
            if (char.IsSurrogatePair(text[i], text[i + 1])) count--;
        return count;
    }

    public static bool TryCharacter(string text, long index, out int offset, out Rune character)
    {
        character = default;
        var found = TryResolve(index, Length(text), out var position);
        offset = Offset(text, position);
        return found && Decode(text, offset, out character);
    }

    /// <summary>UTF-16 offset of a scalar; the text's length for one past the end.</summary>
    public static int Offset(string text, int position)
    {
        var offset = 0;
        for (; position > 0 && offset < text.Length; position--)
            offset += offset + 1 < text.Length && char.IsSurrogatePair(text[offset], text[offset + 1]) ? 2 : 1;
        return offset;
    }

    private static bool Decode(string text, int offset, out Rune character)
    {
        if (!Rune.TryGetRuneAt(text, offset, out character)) character = Rune.ReplacementChar;
        return true;
    }
}

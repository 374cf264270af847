namespace Vsmtp.Faults.Peers;

/// <summary>The choices of a run: the same for the same seed, whoever asks first.</summary>
internal sealed class Dice(int seed)
{
    private const uint Prime = 16777619;

    /// <summary>Choices that belong to one thing, such as a mail at its second scan.</summary>
    public Random For(string thing)
    {
        // string.GetHashCode differs from process to process.
        var hash = 2166136261 ^ (uint)seed;
        foreach (var letter in thing) hash = (hash ^ letter) * Prime;

        // Random's first choices are alike for seeds that are.
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return new Random((int)(hash ^ (hash >> 16)));
    }
}

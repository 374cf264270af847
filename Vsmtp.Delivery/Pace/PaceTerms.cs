namespace Vsmtp.Delivery.Pace;

/// <summary>How a pace begins and what bounds it.</summary>
/// <param name="Key">Of its grain.</param>
/// <param name="First">With so many mails at once it begins, in all processes together.</param>
/// <param name="Most">So many are the most, in all processes together. The same as <paramref name="First"/>: nothing is learnt.</param>
/// <param name="MostHere">So many are the most in this process.</param>
internal sealed record PaceTerms(string Key, int First, int Most, int MostHere);

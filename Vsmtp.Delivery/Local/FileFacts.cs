namespace Vsmtp.Delivery.Local;

/// <summary>What statx(2) says of a file.</summary>
/// <param name="Links">Names that it has.</param>
/// <param name="Mode">Its type and its rights.</param>
internal readonly record struct FileFacts(uint Links, uint User, uint Group, ushort Mode)
{
    private const int TypeBits = 0xF000;
    private const int Regular = 0x8000;

    public bool IsRegular => (Mode & TypeBits) == Regular;
}
